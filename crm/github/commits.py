"""A commit that a pull request's timeline lists: git's act, with git's names, not an act on GitHub."""

from datetime import UTC

from crm.activity import Activity, Who, Whom
from crm.bots import is_bot
from crm.github.place import Repo
from crm.github.shapes import Item, Signature, Unreadable


def committed(repo: Repo, item: Item) -> Activity:
    author, committer = item.author, item.committer
    if not item.sha or author is None or author.date is None:
        raise Unreadable("a commit without its id, author or date")
    writer, applier = signer(author), signer(committer) if committer else None
    return Activity(
        source="git",
        host="",
        key=item.sha,
        kind="contributed",
        own_kind="commit",
        at=author.date.astimezone(UTC),
        who=writer,
        whom=(Whom(applier, "committed"),) if applier and writer and applier.uid != writer.uid else (),
        place=None,
        title=item.message.partition("\n")[0],
        text=item.message,
        link=item.html_url or "",
    )


def signer(signature: Signature) -> Who | None:
    uid = signature.email.strip().lower()
    if not uid:
        return None
    return Who(
        uid, name=signature.name, email=signature.email, bot=is_bot("", signature.name, signature.email)
    )
