"""What is done to a repository at large: pushed, starred, copied, released, opened to others."""

from collections.abc import Iterator

from msgspec.structs import replace

from crm.activity import Activity, Whom
from crm.github.event import Event
from crm.github.people import who
from crm.github.shapes import Unreadable
from crm.github.thread import counted, seconds, utc


def push(event: Event) -> Iterator[Activity]:
    """Archive hours number pushes, webhooks do not: both know the branch and its tips before and after.

    A branch that was deleted has no tip after; the deletion is an event of its own.
    """
    payload, before = event.payload, event.payload.before
    after = payload.head or payload.after
    if after.strip("0"):
        yield event.act(
            "contributed",
            "push",
            f"push:{event.repo_id}:{payload.ref}:{before}:{after}",
            "\n".join(commit.message.partition("\n")[0] for commit in payload.commits if commit.distinct),
            f"{event.repo.link}/" + (f"compare/{before}...{after}" if before.strip("0") else f"commits/{after}"),
        )


def create(event: Event) -> Iterator[Activity]:
    """A repository is made once; branches and tags may come again under the same name."""
    payload = event.payload
    is_all = payload.ref_type == "repository"
    key = f"repository:{event.repo_id}" if is_all else event.id
    text = (payload.description if is_all else payload.ref) or ""
    yield event.act("created", f"create.{payload.ref_type}", key, text)


def delete(event: Event) -> Iterator[Activity]:
    yield event.act("edited", f"delete.{event.payload.ref_type}", event.id, event.payload.ref or "")


def star(event: Event) -> Iterator[Activity]:
    """A star taken back and given again is the one star: GitHub keeps no history of it."""
    if event.payload.action != "deleted":
        yield event.act("starred", "star", f"star:{event.repo_id}:{event.sender.id}")


def fork(event: Event) -> Iterator[Activity]:
    forkee = event.payload.forkee
    if forkee is None:
        raise Unreadable("a fork that does not say what was made")
    yield event.act("forked", "fork", f"fork:{forkee.id}", forkee.full_name, forkee.html_url or "")


def gollum(event: Event) -> Iterator[Activity]:
    """Changes to the wiki, one for each page."""
    for page in event.payload.pages:
        key = f"wiki:{event.repo_id}:{page.page_name}:{page.sha}"
        text = "\n\n".join(filter(None, (page.title or page.page_name, page.summary)))
        yield event.act("edited", f"gollum.{page.action}", key, text, page.html_url or "")


def member(event: Event) -> Iterator[Activity]:
    """A person is let into the repository; taking that back touches them as moderation does."""
    account, action = who(event.payload.member), event.payload.action
    if account is None:
        raise Unreadable("a change of members that does not say whose")
    key = f"member:{event.repo_id}:{account.uid}:{action}"
    if action == "added":
        yield event.act("invited", "member.added", key, whom=(Whom(account, "invited"),))
    elif action == "removed":
        yield event.act("moderated", "member.removed", f"{key}:{seconds(event.at)}", whom=(Whom(account, "moderated"),))
    else:
        yield event.act("edited", f"member.{action}", f"{key}:{seconds(event.at)}")


def public(event: Event) -> Iterator[Activity]:
    yield event.act("published", "public", f"public:{event.repo_id}")


def release(event: Event) -> Iterator[Activity]:
    """A release that has been published; drafts are nobody's business yet."""
    found = event.payload.release
    if found is None:
        raise Unreadable("a release that is missing")
    if found.published_at:
        text = "\n\n".join(filter(None, (found.name or found.tag_name, found.body)))
        told = event.act("published", "release.published", f"release:{found.id}", text, found.html_url or "")
        yield replace(
            told,
            who=who(found.author) or told.who,
            at=utc(found.published_at, ""),
            reactions=counted(found.reactions),
            removed=event.payload.action == "deleted",
        )
