"""Who is let into a repository, a team or an organisation, and who is put out; who does it to themselves comes or goes."""

from collections.abc import Iterator

from crm.activity import Activity, Who
from crm.github.body import Body
from crm.github.event import Event
from crm.github.people import touched, who
from crm.github.shapes import Account, Unreadable


def member(event: Event, body: Body) -> Iterator[Activity]:
    """People outside the organisation who may work on a repository. Their rights may change, too."""
    account = named(event, body.member)
    if body.action == "added":
        yield let_in(event, account, f"member:{event.repo_id}:{account.uid}:added")
    elif body.action == "removed":
        yield put_out(event, account)
    else:
        yield event.act("edited", f"member.{body.action}", event.id)


def membership(event: Event, body: Body) -> Iterator[Activity]:
    """People of a team, whose name is the text."""
    account, team = named(event, body.member), body.team.name if body.team else ""
    yield let_in(event, account, event.id, team) if body.action == "added" else put_out(event, account, team)


def organization(event: Event, body: Body) -> Iterator[Activity]:
    """People of an organisation; what else is done to it touches nobody."""
    account = body.membership.user if body.membership else body.user
    if body.action in ("member_added", "member_invited") and account:
        yield let_in(event, named(event, account), event.id)
    elif body.action == "member_removed":
        yield put_out(event, named(event, account))
    else:
        yield event.act("edited", f"organization.{body.action}", event.id)


def org_block(event: Event, body: Body) -> Iterator[Activity]:
    """Somebody may take no part in an organisation any more, or may again."""
    account = named(event, body.blocked_user)
    whom = touched(event.actor, (account, "moderated"))
    yield event.act("moderated", f"org_block.{body.action}", event.id, whom=whom)


def let_in(event: Event, account: Who, key: str, text: str = "") -> Activity:
    whom = touched(event.actor, (account, "invited"))
    return event.act("invited" if whom else "joined", own(event), key, text, whom=whom)


def put_out(event: Event, account: Who, text: str = "") -> Activity:
    whom = touched(event.actor, (account, "moderated"))
    return event.act("moderated" if whom else "left", own(event), event.id, text, whom=whom)


def own(event: Event) -> str:
    return f"{event.kind}.{event.payload.action}"


def named(event: Event, account: Account | None) -> Who:
    """The account an event is about; Unreadable where it is missing."""
    found = who(account)
    if found is None:
        raise Unreadable(f"the event “{event.kind}” does not say whom it is about")
    return found
