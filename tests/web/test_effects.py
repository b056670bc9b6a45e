"""The pages of what followed on what was done: cautious sentences, everybody counted, what was left out and why."""

from datetime import datetime, timedelta
from html import unescape

import pytest

from crm.command import dispatch
from crm.writing import WriteItem
from tests.factories import NOON, an_act
from tests.web.conftest import Site


def ago(days: int) -> datetime:
    return NOON - timedelta(days=days)


def write(site: Site, name: str, days: int) -> None:
    dispatch(site.kith, WriteItem(member=site.who(name), kind="gift", text="A book", day=ago(days).date()))
    site.engine.catch_up()


@pytest.fixture
def gift(site: Site) -> Site:
    """A site on which Ann got a gift a hundred days ago: two acts before, three after; Ben, who is like her: two and one."""
    ann = [an_act(by="ann", at=ago(day)) for day in (300, 110, 109, 90, 89, 88)]
    ben = [an_act(by="ben", at=ago(day)) for day in (290, 112, 111, 95)]
    site.bring(*ann, *ben, an_act(by="chi"))
    write(site, "ann", 100)
    return site


def test_of_few_it_is_said_that_they_are_too_few_and_nothing_more(gift: Site) -> None:
    for path in ("/effects", "/effects/gift"):
        page = unescape(gift.page(path))
        assert "Too few to tell: 1 person could be compared, and 20 are needed." in page
        assert "Afterwards they did more" not in page


def test_numbers_before_and_after_stand_beside_those_of_similar_members(gift: Site) -> None:
    page = unescape(gift.page("/effects/gift"))
    for words in ("2 → 3", "2 → 1", "+2", "Ben Example", "+50%"):
        assert words in page, words
    days = f"/members/{gift.who('ann')}?side=did&since=2023-12-23&until=2024-04-21"
    assert f'href="{days}"' in page
    assert [line["day"] for line in gift.csv("/effects/gift")] == ["2024-02-21"]
    gift.page(days)


def test_what_is_left_out_is_said_with_the_reason(gift: Site) -> None:
    write(gift, "ann", 70)
    write(gift, "ben", 10)
    write(gift, "chi", 200)
    page = unescape(gift.page("/effects/gift"))
    assert "1 whose 60 days after are not over yet" in page
    assert "1 that followed another within 60 days" in page
    assert "1 before the person was first seen here" in page
    assert "Of 4 in all:" in page


def test_enough_people_are_told_with_the_span_and_a_caution(site: Site) -> None:
    people = [f"m{n}" for n in range(20)]
    own = [an_act(by=name, at=ago(day)) for name in people for day in (300, 110, 90, 89)]
    like = [an_act(by=f"like {n}", at=ago(day)) for n in range(3) for day in (300, 110)]
    site.bring(*own, *like, an_act(by="chi"))
    for name in people:
        write(site, name, 100)
    (found,) = [one for one in site.json("/effects")["effects"] if one["kind"] == "gift"]
    assert (found["acts"]["difference"], found["acts"]["low"], found["acts"]["high"]) == (2, 2, 2)
    page = unescape(site.page("/effects/gift"))
    assert (
        "Afterwards they did more than similar members: by 2 to 2 acts. Whether it is because of this, numbers cannot say."
        in page
    )
    assert {line["kind"]: line["verdict"] for line in site.csv("/effects")}["gift"] == "more"


def test_more_people_than_a_page_holds_are_on_the_next(site: Site) -> None:
    people = [f"m{n}" for n in range(55)]
    held = [an_act("attended", by=name, at=ago(100)) for name in people]
    acts = [an_act(by=name, at=ago(day)) for name in [*people, "like"] for day in (300, 110)]
    site.bring(*held, *acts, an_act(by="chi"))
    assert len(site.json("/effects/attended")["rows"]) == 55
    assert 'href="/effects/attended?offset=50"' in site.page("/effects/attended")
    rest = site.part("/effects/attended?offset=50")
    assert rest.count("data-row") == 5
    assert "<html" not in rest


def test_what_is_not_in_the_data_is_said_and_an_unknown_kind_is_not_found(site: Site) -> None:
    assert "Nothing is here yet" in site.page("/effects")
    assert "Nobody to compare yet" in site.page("/effects/gift")
    site.bring(an_act())
    assert "It is not in the data yet." in site.page("/effects")
    site.page("/effects/bribe", 404)
