"""The history of a repository: who made, reviewed, reported and merged what, as the commits themselves say.

The same commit gives the same activity, whether it is read from a repository or from a dump of its log.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from crm.activity import Activity, Place, Refused, Role, Who, Whom
from crm.bots import is_bot
from crm.errors import Refusal
from crm.git.forges import commit_link, place_of
from crm.git.log import is_repository, log_of, remote_of
from crm.git.trailers import Credit, credits_in
from crm.kinds import _
from crm.moments import moment
from crm.reading import Glimpse, Inputs, decode
from crm.reading.fields import fields_in

NAME = "git"
LABEL = _("Git history")
HELP = _(
    "A repository, plain or bare, or a dump of its log as JSON lines; "
    "say where it lives with --host github.com/curl/curl."
)
MAKES = (
    "A commit becomes a contributed change by its author; a merge becomes a merge.",
    "Whoever the message credits is touched by it: reported, reviewed, tested, co-authored, suggested, signed off.",
    "A committer who is not the author took the change in.",
)
CANNOT_KNOW = (
    "What was said about a change before it was taken in.",
    "Accounts: people are known by their mail addresses, and one person may have several.",
    "Who pushed a commit, and when it was pushed.",
)

HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
NOREPLY = re.compile(r"(?:\d+\+)?([^+@]+)@users\.noreply\.github\.com", re.IGNORECASE)
ROLES = frozenset({"noreply", "no-reply", "donotreply", "do-not-reply", "git", "root", "nobody"})
"""Mailboxes behind which no person stands."""

opens = is_repository


class Signature(msgspec.Struct):
    """Who and when, as git has it; the committer's date is not used."""

    name: str
    email: str
    date: str = ""


class Commit(msgspec.Struct):
    """A commit as a dump has it on a line. `body` is the message without its subject."""

    hash: str
    parents: list[str]
    author: Signature
    subject: str
    committer: Signature | None = None
    body: str = ""


def fits(glimpse: Glimpse) -> int:
    """A dump of a log by its fields; a repository itself is told by `opens`."""
    return 95 if {"hash", "parents", "author", "subject"} <= fields_in(glimpse) else 0


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Every commit as one activity. Refusal when `host` is no repository's address or git is not installed."""
    typed = place_of(inputs.host) if inputs.host else None
    if inputs.host and typed is None:
        raise Refusal(f"“{inputs.host}” is not the address of a repository; write it like github.com/curl/curl.")
    for path in inputs.take(is_repository):
        yield from repository(path, typed)
    page = commit_link(typed)
    for row in inputs.rows():
        commit = row if isinstance(row, Refused) else decode(row, Commit)
        try:
            yield commit if isinstance(commit, Refused) else activity(commit, typed, page)
        except ValueError as flaw:
            yield row if isinstance(row, Refused) else row.refuse(str(flaw))


def repository(path: str, typed: Place | None) -> Iterator[Activity | Refused]:
    """The commits of a repository on disk; `typed` is where it lives if that was said, else its origin tells."""
    origin = remote_of(path)
    place = typed or place_of(origin)
    page, number = commit_link(place), 0
    try:
        for number, fields in enumerate(log_of(path), 1):
            commit = from_log(fields)
            try:
                yield activity(commit, place, page)
            except ValueError as flaw:
                yield Refused(path, number, str(flaw), msgspec.json.encode(commit)[:2000])
    except Refusal as reason:
        yield Refused(path, number, str(reason))


def from_log(fields: list[str]) -> Commit:
    """A commit as `log_of` tells it; a date that git itself cannot read comes as the sign that asks for it."""
    key, parents, name, email, date, committer, address, subject, body = fields
    author, other = Signature(name, email, date.replace("%aI", "")), Signature(committer, address)
    return Commit(key.strip(), parents.split(), author, subject, other, body)


def activity(commit: Commit, place: Place | None, page: str) -> Activity:
    """A commit as an activity; `page` is what its hash is put behind. ValueError says what is wrong with it."""
    if not HASH.fullmatch(commit.hash):
        raise ValueError(f"“{commit.hash[:80]}” is not the hash of a commit")
    merges = len(commit.parents) > 1
    author = account(commit.author.name, commit.author.email)
    return Activity(
        source=NAME,
        host="",
        key=commit.hash,
        kind="merged" if merges else "contributed",
        own_kind="merge" if merges else "commit",
        at=moment(commit.author.date),
        who=author,
        whom=touched(commit, author),
        place=place,
        title=commit.subject,
        text=commit.body.rstrip("\n"),
        link=page and page + commit.hash,
    )


@lru_cache(maxsize=1 << 15)
def account(name: str, email: str, login: str = "") -> Who | None:
    """Who signs like that: known by the address, by the name if there is none; None if there is neither."""
    name, email = " ".join(name.split()), email.strip()
    handle = NOREPLY.fullmatch(email)
    login = handle[1] if handle else login
    uid = email.lower() or (f"name:{folded(name)}" if name else "")
    return Who(uid, login, name, email, bot=is_bot(login, name, email)) if uid else None


def folded(name: str) -> str:
    """A name as it is compared: one spelling of every letter, small letters, single spaces."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def touched(commit: Commit, author: Who | None) -> tuple[Whom, ...]:
    """Everybody else whom a commit names: who committed it, then who is credited; nobody twice in one role."""
    named = list(credits_in(commit.body))
    committer = account(commit.committer.name, commit.committer.email) if commit.committer else None
    if not named and committer is author:
        return ()
    if committer and is_role(committer.email):
        committer = None
    found = [(credit.role, who) for credit, who in resolved(named, [who for who in (author, committer) if who])]
    if committer:
        found.insert(0, ("committed", committer))
    return unique(found, author)


def resolved(named: list[Credit], signers: list[Who]) -> Iterator[tuple[Credit, Who]]:
    """Each credit with its account: a bare name is whoever signs so in the same commit."""
    known = {folded(who.name): who for who in reversed(signers)}
    accounts = [account(credit.name, credit.email, credit.login) for credit in named]
    for who in accounts:
        if who and who.email:
            known.setdefault(folded(who.name), who)
    for credit, who in zip(named, accounts, strict=True):
        if who:
            yield credit, who if who.email else known.get(folded(who.name), who)


def unique(found: Iterable[tuple[Role, Who]], author: Who | None) -> tuple[Whom, ...]:
    """The relations without those to the author and without repetitions, by account and by name."""
    own = {author.uid, folded(author.name)} if author else set()
    seen: set[tuple[Role, str]] = set()
    kept: list[Whom] = []
    for role, who in found:
        names = {who.uid, folded(who.name)} - {""}
        if own & names or any((role, name) in seen for name in names):
            continue
        seen |= {(role, name) for name in names}
        kept.append(Whom(who, role))
    return tuple(kept)


def is_role(email: str) -> bool:
    """Whether an address is one that no person reads, as the one that GitHub commits with."""
    return email.partition("@")[0].lower() in ROLES
