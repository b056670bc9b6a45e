"""A project's mailmap: who signs under several names and addresses."""

from pathlib import Path

import pytest

from crm.activity import Refused, Who
from crm.command import dispatch
from crm.installation import Installation
from crm.mailmap import Alias, Signature, Vouched, VouchFor, aliases_in, groups_in
from tests.factories import an_act, bring

FORMS = """
# Everybody who moved house
Proper Name <Commit@old.org>
<proper@new.org> <commit2@old.org>   # trailing words
  Ebba Lund <ebba@new.org> <ebba@old.org>
Ebba Lund <ebba@new.org> eb <root@localhost>
Nils Holm <nils@new.org> nils <root@localhost>
"""


def groups(text: str) -> tuple[tuple[Signature, ...], ...]:
    return groups_in(one for one in aliases_in(text.splitlines()) if isinstance(one, Alias))


def anybody(*addresses: str) -> tuple[Signature, ...]:
    return tuple(Signature("", address) for address in addresses)


def test_all_four_forms_are_read_and_a_name_counts_only_where_the_file_asks_for_it():
    assert groups(FORMS) == (
        anybody("commit2@old.org", "proper@new.org"),
        anybody("commit@old.org"),
        (*anybody("ebba@new.org", "ebba@old.org"), Signature("eb", "root@localhost")),
        (*anybody("nils@new.org"), Signature("nils", "root@localhost")),
    )


def test_a_person_named_on_several_lines_is_one_whatever_their_order():
    lines = ["<a@x.org> <b@x.org>", "<c@x.org> <d@x.org>", "<a@x.org> <c@x.org>"]
    assert (
        groups("\n".join(lines))
        == groups("\n".join(reversed(lines)))
        == (anybody("a@x.org", "b@x.org", "c@x.org", "d@x.org"),)
    )


@pytest.mark.parametrize("line", ["Ebba Lund", "<only@one.org>", "Ebba <a@x.org", "<a@x> <b@x> <c@x>", "Ebba <>"])
def test_a_line_that_says_nothing_is_refused_with_its_number_and_the_rest_is_read(line: str):
    refused, read = list(aliases_in(["# first", line, "Ebba <a@x.org>"], "curl.mailmap"))[-2:]
    assert isinstance(read, Alias)
    assert isinstance(refused, Refused)
    assert (refused.file, refused.line, refused.raw) == ("curl.mailmap", 2, line.encode())
    assert refused.reason.endswith(".")


def test_a_real_mailmap_is_read_whole(data: Path):
    lines = (data / "git/curl.mailmap").read_text().splitlines()
    found = list(aliases_in(lines))
    assert len(found) == len([line for line in lines if line and not line.startswith("#")]) > 100
    assert not [one for one in found if isinstance(one, Refused)]
    assert max(len(group) for group in groups_in(one for one in found if isinstance(one, Alias))) == 5


def committed(kith: Installation, *addresses: str) -> None:
    bring(kith, [an_act(who=Who(address, "", "", address, source="git", host="")) for address in addresses])


def vouched(kith: Installation) -> list[Vouched]:
    events = kith.log.recorder.select_notifications(None, 1000, topics=[Vouched.TOPIC])
    return [kith.log.mapper.to_domain_event(event) for event in events]


def test_it_is_vouched_for_the_accounts_that_are_known_by_their_ids_alone(kith: Installation):
    committed(kith, "a@x.org", "b@x.org", "alone@x.org")
    dispatch(kith, VouchFor(groups=(anybody("a@x.org", "b@x.org", "never@x.org"), anybody("alone@x.org", "nor@x.org"))))
    (said,) = vouched(kith)
    assert said.origin == "mailmap"
    assert set(said.handles) == {kith.ids.make("identity", "git", "", address) for address in ("a@x.org", "b@x.org")}


def test_saying_it_again_adds_nothing_until_more_accounts_are_known(kith: Installation):
    committed(kith, "a@x.org", "b@x.org")
    command = VouchFor(groups=(anybody("a@x.org", "b@x.org", "c@x.org"),))
    for _ in range(2):
        dispatch(kith, command)
    assert len(vouched(kith)) == 1
    committed(kith, "c@x.org")
    dispatch(kith, command)
    assert [len(said.handles) for said in vouched(kith)] == [2, 3]


def test_an_address_given_to_several_people_tells_of_nobody(kith: Installation):
    committed(kith, "ebba@new.org", "nils@new.org", "root@localhost")
    dispatch(kith, VouchFor(groups=groups(FORMS)))
    assert vouched(kith) == []
