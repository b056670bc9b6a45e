"""What one row tells: that somebody is a member, or that somebody did something."""

from datetime import datetime
from hashlib import blake2b

from crm.activity import Activity, Place, Refused, Who, Whom
from crm.csv.counting import count_of
from crm.csv.moment import When
from crm.csv.people import BY_NAME, other, person, web
from crm.csv.table import Cells, Seen, Table
from crm.csv.wording import kind_of, role_of
from crm.kinds import KINDS
from crm.reading import Record

NOBODY_NAMED = "nobody is named in this row"
NO_DATES = "the table has no dates"
TWICE = (
    "the number “{number}” stands in an earlier row that says something else; if this column does not number the"
    " activities, say that it means something else or leave it out"
)


def told(record: Record, table: Table, now: datetime) -> Activity | Refused:
    """A row as an act; refused with the reason where it cannot be one. `now` is when the table is read."""
    cells = table.by_meaning(record)
    try:
        return _activity(cells, table, now) if table.of_activities else _member(cells, table, now)
    except ValueError as reason:
        return record.refuse(str(reason))


def _member(cells: Cells, table: Table, now: datetime) -> Activity:
    """Somebody joined, or only stood in the list. ValueError where it is nobody or the date is none."""
    who = person(cells, family_first=table.family_first)
    if who is None:
        raise ValueError(NOBODY_NAMED)
    date = table.date_in(cells)
    at, precision, doubt = table.dates.read(date) if date else When(now, "by")
    kind = "joined" if date else "listed"
    return Activity(
        source=table.source,
        host=table.host,
        key=f"{kind}:{who.uid}",
        kind=kind,
        own_kind="member",
        at=at,
        precision=precision,
        who=who,
        doubt=doubt or _doubt(who),
    )


def _activity(cells: Cells, table: Table, now: datetime) -> Activity:
    """Somebody did something. ValueError where the date is none, or another act has the same number."""
    get = cells.get
    at, precision, doubt = _when(cells, table, now)
    who, parent, place = person(cells, family_first=table.family_first), table.number(get("parent", "")), get("place")
    answered = table.seen.get(parent) if parent else None
    named = other(cells) if table.has_whom else None
    whom = named or (answered.who if answered else None)
    kind = _kind(cells, toward=named is not None)
    key = table.number(get("key", ""))
    thread = get("thread") or _thread(cells, table, kind, key, parent, answered)
    _notice(cells, table, key, Seen(who, thread, hash(tuple(cells.items()))))
    return Activity(
        source=table.source,
        host=table.host,
        key=key or _numbered(cells, at, who, named, table),
        kind=kind,
        own_kind=get("kind", ""),
        at=at,
        precision=precision,
        who=who,
        whom=(Whom(whom, role_of(kind, get("kind", ""))),) if whom and (not who or whom.uid != who.uid) else (),
        place=Place(place, place) if place else None,
        thread=thread,
        parent=parent,
        title="" if "parent" in cells else get("title", ""),
        text=get("text", ""),
        link=web(get("link", "")),
        reactions=count_of(get("reactions", "")),
        doubt=doubt or _doubt(who),
    )


def _notice(cells: Cells, table: Table, key: str, row: Seen) -> None:
    """Remember a row by its number. ValueError where an earlier row of that number says something else."""
    if not key:
        return
    before = table.seen.get(key)
    if before and before.mark != row.mark:
        raise ValueError(TWICE.format(number=cells["key"][:40]))
    table.seen.put(key, row)


def _when(cells: Cells, table: Table, now: datetime) -> When:
    if "time" not in table.has:
        return When(now, "by", NO_DATES)
    return table.dates.read(table.date_in(cells))


def _doubt(who: Who | None) -> str:
    if who is None:
        return NOBODY_NAMED
    return BY_NAME if who.uid.startswith("name:") else ""


def _kind(cells: Cells, *, toward: bool) -> str:
    """What happened, by its word; without a word, by what there is: an answer, a text, or only that something was done."""
    word = cells.get("kind")
    kind = kind_of(word) if word else ("posted" if "text" in cells else "did")
    answers = "parent" in cells or (toward and not word)
    return "replied" if kind == "posted" and answers else kind


def _thread(cells: Cells, table: Table, kind: str, key: str, parent: str, answered: Seen | None) -> str:
    """The conversation where no column names it: by what is answered, or by the title that an act is about."""
    if number := cells.get("parent"):
        return answered.thread if answered and answered.thread else parent or number
    if KINDS[kind].whole and (title := cells.get("title", "")):
        return f"title:{title}"
    return key if "parent" in table.has else ""


def _numbered(cells: Cells, at: datetime, who: Who | None, named: Who | None, table: Table) -> str:
    """A key for a row without a number of its own: rows that say the same of the same people are counted, so none is lost."""
    parts = (
        who.uid if who else "",
        named.uid if named else "",
        at.isoformat() if "time" in cells else "",
        *[cells.get(part, "") for part in ("kind", "place", "thread", "parent", "title", "text", "link")],
    )
    mark = blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=12).digest()
    equal = (table.equals.get(mark) or 0) + 1
    table.equals.put(mark, equal)
    return f"row:{mark.hex()}" if equal == 1 else f"row:{mark.hex()}:{equal}"
