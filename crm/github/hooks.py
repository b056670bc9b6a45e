"""What only webhooks tell of, one function for each event by its word in `HOOKS`; the rest is told as for archive hours."""

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from crm.activity import Activity
from crm.github import belonging, events
from crm.github.body import Body
from crm.github.dating import Dated
from crm.github.event import Event
from crm.github.people import touched, who
from crm.github.shapes import Unreadable
from crm.github.thread import seconds, utc

PRIVATE = "this sponsorship is private, and Kith leaves those out"

WRITTEN = frozenset({"issues", "issue_comment", "pull_request_review_comment", "discussion", "discussion_comment"})
"""Events about what somebody wrote: where another deletes it, that is moderation."""

UNTOUCHED = frozenset({"pinned", "unpinned", "transferred"})
"""What can be done to a thread without changing its date, so that only the delivery can tell one time from another."""

IDLE = frozenset(
    {"ping", "meta", "status", "page_build", "check_run", "check_suite", "workflow_run", "workflow_job"}
    | {"workflow_dispatch", "repository_dispatch", "deployment", "deployment_status", "deployment_review"}
    | {"deployment_protection_rule", "merge_group", "installation", "installation_repositories", "package"}
    | {"installation_target", "github_app_authorization", "registry_package", "repository_import", "deploy_key"}
    | {"dependabot_alert", "code_scanning_alert", "secret_scanning_alert", "secret_scanning_alert_location"}
    | {"repository_vulnerability_alert", "security_and_analysis", "repository_ruleset", "branch_protection_rule"}
    | {"branch_protection_configuration", "custom_property", "custom_property_values"}
)
"""Events that tell of machines and settings: nobody did anything in the community."""


def told(event: Event, body: Body, arrived: Dated) -> Iterator[Activity]:
    """What a delivery tells of. Whatever is gone is later than whatever it was before. Unreadable as for `events.told`."""
    if event.kind in IDLE:
        return
    acts = HOOKS[event.kind](event, body) if event.kind in HOOKS else events.told(event)
    for act in acts:
        if act.removed:
            yield replace(act, revision=act.revision + 1)
        elif act.own_kind in UNTOUCHED:
            yield replace(act, key=event.id, at=utc(arrived.at, ""), precision=arrived.precision)
        else:
            yield act
        if act.removed and event.kind in WRITTEN and act.who != event.actor:
            yield taken_down(event, act, arrived)


def taken_down(event: Event, act: Activity, arrived: Dated) -> Activity:
    """Somebody deleted what another wrote; the body does not say when, only its arrival does."""
    whom = touched(event.actor, (act.who, "moderated"))
    removal = event.act("moderated", f"{event.kind}.deleted", f"deleted:{act.key}", link=act.link, whom=whom)
    at = utc(arrived.at, "")
    return replace(removal, at=at, precision=arrived.precision, thread=act.thread, parent=act.key)


def star(event: Event, body: Body) -> Iterator[Activity]:
    """Given, taken back and given again it is one star, and the last of them counts; when it was first given may be lost."""
    given = event.act("starred", "star", f"star:{event.repo_id}:{event.sender.id}")
    gone = body.action == "deleted"
    yield replace(given, revision=seconds(event.at), removed=gone, precision="by" if gone else "instant")


def label(event: Event, body: Body) -> Iterator[Activity]:
    """The labels that a repository has, not those that a thread bears."""
    name = body.label.name if body.label else ""
    yield event.act("created" if body.action == "created" else "edited", f"label.{body.action}", event.id, name)


def team(event: Event, body: Body) -> Iterator[Activity]:
    """A team is made, changed, or let into a repository; its name is the text."""
    if body.team is None:
        raise Unreadable("a change of a team that is missing")
    kind = "created" if body.action == "created" else "edited"
    yield event.act(kind, f"team.{body.action}", event.id, body.team.name, body.team.html_url or "")


def sponsorship(event: Event, body: Body) -> Iterator[Activity]:
    """Somebody gives money for another's work; how much is between the two of them."""
    found = body.sponsorship
    if found is None or found.sponsorable is None:
        raise Unreadable("a sponsorship that does not say whose")
    if found.privacy_level == "private":
        raise Unreadable(PRIVATE)
    key = f"sponsorship:{found.id}" if found.id and body.action == "created" else event.id
    sponsor = who(found.sponsor) or event.actor
    act = event.act(
        "did", f"sponsorship.{body.action}", key, whom=touched(sponsor, (who(found.sponsorable), "thanked"))
    )
    yield replace(act, who=sponsor)


HOOKS: dict[str, Callable[[Event, Body], Iterator[Activity]]] = {
    "label": label,
    "member": belonging.member,
    "membership": belonging.membership,
    "org_block": belonging.org_block,
    "organization": belonging.organization,
    "sponsorship": sponsorship,
    "star": star,
    "team": team,
    "watch": star,
}
