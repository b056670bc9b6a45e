"""What platforms tell of a person besides the name comes along, for the fields of the member's page."""

from crm.activity import told
from crm.csv.people import person
from crm.orbit.members import member
from crm.orbit.shapes import Thing
from crm.slack.people import People
from crm.slack.shapes import Profile, User
from crm.zulip.people import People as OfZulip
from crm.zulip.shapes import User as ZulipUser


def test_orbit_tells_where_somebody_lives_and_what_they_speak() -> None:
    attributes = {"name": "Mai", "location": "Huế ", "languages": ["vi", "en"], "pronouns": None, "birthday": "05-31"}
    found = member(Thing(id="7", type="member", attributes=attributes))
    assert dict(found.about) == {"place": "Huế", "languages": "vi, en", "birthday": "05-31"}


def test_slack_and_zulip_tell_the_time_zone_of_people_but_of_no_bots() -> None:
    slack, zulip = People(), OfZulip()
    slack.add(User(id="U1", name="mai", tz="Asia/Ho_Chi_Minh", profile=Profile(pronouns="she/her")))
    slack.add(User(id="U2", name="robot", is_bot=True, tz="Asia/Ho_Chi_Minh"))
    zulip.add(ZulipUser(id=1, full_name="Mai", timezone="Europe/Prague"))
    assert dict(slack.accounts["U1"].about) == {"zone": "Asia/Ho_Chi_Minh", "pronouns": "she/her"}
    assert slack.accounts["U2"].about == ()
    assert dict(zulip.accounts[1].about) == {"zone": "Europe/Prague"}


def test_a_table_of_members_fills_fields() -> None:
    found = person({"name": "Mai Lê", "lives": "Đà Nẵng", "zone": "", "birthday": "1999-01-02"})
    assert found is not None
    assert found.about == told(place="Đà Nẵng", birthday="1999-01-02")
