"""Who is credited in a message, and where a repository lives, in all the ways that people write it."""

import pytest

from crm.activity import Place
from crm.git.forges import commit_link, place_of
from crm.git.trailers import credits_in


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Reported-by: A Berg and B Dahl", [("reported", "A Berg"), ("reported", "B Dahl")]),
        ("Reported-by: A Berg, B Dahl & C Ek", [("reported", name) for name in ("A Berg", "B Dahl", "C Ek")]),
        ("Reported-and-tested-by: A Berg <a@b.example>", [("reported", "A Berg"), ("tested", "A Berg")]),
        (
            "Reviewed-by: A Berg <a@b.example>, B Dahl <b@d.example>",
            [("reviewed", "A Berg"), ("reviewed", "B Dahl")],
        ),
        ("Approved-By: Dr. A. Berg", [("reviewed", "Dr. A. Berg")]),
        ("reported by: aberg on GitHub", [("reported", "aberg")]),
        ("Reported-by: github user 'aberg'", [("reported", "aberg")]),
        ("Reported-by: Nguyen The Anh", [("reported", "Nguyen The Anh")]),
        ("Reported-by: 佩东", [("reported", "佩东")]),
        ("Co-developed-by: A Berg (@aberg) <a@b.example>", [("coauthored", "A Berg")]),
        ("Suggested by A Berg", [("thanked", "A Berg")]),
        ("Thanks to A Berg for the hint", [("thanked", "A Berg")]),
        ("  Patch-by: William A. Rowe Jr.", [("coauthored", "William A. Rowe Jr.")]),
        ("Signed-off-by: A Berg", [("committed", "A Berg")]),
        ("Reported-by: A Berg and co-authors in another project", [("reported", "A Berg")]),
        ("It was reported by A Berg", []),
        ("Reported by Coverity Scan", []),
        ("Found-by: Claude Opus 5", []),
        ("Found-by: Claude Monet", [("reported", "Claude Monet")]),
        ("Fixed by: the next commit", []),
        ("Closes: #12", []),
        ("Reported-by: https://forum.example/1", []),
        ("Assigned-to: A Berg", []),
        ("Followed by: A Berg", []),
    ],
)
def test_credits_are_read_in_the_forms_that_projects_use(line: str, expected: list[tuple[str, str]]) -> None:
    message = f"Some words before.\n\n{line}\nFixes #12"
    assert [(credit.role, credit.name) for credit in credits_in(message)] == expected


@pytest.mark.parametrize(
    "address",
    [
        "github.com/Sen/Sen",
        "https://github.com/Sen/Sen.git",
        "https://linh:token@github.com/Sen/Sen/",
        "git@github.com:Sen/Sen.git",
        "ssh://git@github.com:22/Sen/Sen.git",
    ],
)
def test_a_repository_is_one_place_however_its_address_is_written(address: str) -> None:
    place = place_of(address)
    assert place == Place("github.com/sen/sen", "Sen/Sen", "https://github.com/Sen/Sen")
    assert commit_link(place) == "https://github.com/Sen/Sen/commit/"


@pytest.mark.parametrize(
    "address", ["", "/home/linh/sen", "../sen.git", "C:\\sen", "file:///srv/sen.git", "sen", "github.com"]
)
def test_a_path_is_no_place(address: str) -> None:
    assert place_of(address) is None


def test_the_page_of_a_commit_is_only_given_where_it_is_known() -> None:
    assert commit_link(place_of("gitlab.com/a/b/c")) == "https://gitlab.com/a/b/c/-/commit/"
    assert commit_link(place_of("bitbucket.org/a/b")) == "https://bitbucket.org/a/b/commits/"
    assert commit_link(place_of("git.example.org/a/b")) == ""
    assert commit_link(None) == ""
