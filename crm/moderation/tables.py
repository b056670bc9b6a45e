"""Most teams keep their sanctions in a sheet: who, whom, what, why, until when, under headings of their own."""

from collections.abc import Iterable, Iterator, Sequence

from crm.activity import Activity, Place, Refused, Who
from crm.csv.dates import Dates
from crm.csv.people import BY_NAME, NOBODY, who_of
from crm.moderation.headings import meanings
from crm.moderation.keys import Keys
from crm.moderation.touching import touched
from crm.moderation.words import lasting, paragraphs, spelled
from crm.reading import Record

NO_MEMBER = "this row names neither a member nor an act of moderation"


class Sheet:
    """One table. `first` are the rows that decide how its dates are written."""

    def __init__(self, host: str, first: Sequence[Record]) -> None:
        self._host = host
        self._columns = meanings(first[0].cells) if first else {}
        self._keys = Keys()
        time = self._columns.get("time", "")
        self._dates = Dates(record.cells.get(time, "") for record in first)

    def read(self, records: Iterable[Record | Refused]) -> Iterator[Activity | Refused]:
        """Every row as an act."""
        for record in records:
            yield record if isinstance(record, Refused) else self._act(record)

    def _act(self, record: Record) -> Activity | Refused:
        cells = {part: said(record.cells.get(heading, "")) for part, heading in self._columns.items()}
        get = cells.get
        member = person(get("member_id", ""), get("member", ""))
        own = spelled(get("action", ""))
        if member is None and not own:
            return record.refuse(NO_MEMBER)
        try:
            when = self._dates.read(get("time", ""))
        except ValueError as reason:
            return record.refuse(f"this act can't be placed in time: {reason}")
        who = person(get("moderator_id", ""), get("moderator", ""))
        reporter = person("", get("reporter", ""))
        by_name = any(one and one.uid.startswith("name:") for one in (who, member))
        case, place = get("case", ""), get("place", "")
        people = [one.uid if one else "" for one in (who, member)]
        return Activity(
            source="moderation",
            host=self._host,
            key=self._keys.make("row", case, when.at.isoformat(), *people, own),
            kind="moderated",
            own_kind=own or "note",
            at=when.at,
            precision=when.precision,
            who=who,
            whom=touched(who, (member, "moderated"), (reporter, "reported")),
            place=Place(place, place) if place else None,
            thread=f"case:{case}" if case else "",
            text=text_of(cells),
            link=get("link", "") if get("link", "").startswith(("https://", "http://")) else "",
            doubt=when.doubt or (BY_NAME if by_name else ""),
        )


def person(uid: str, name: str) -> Who | None:
    """An account: by its id or address where one is told, else by its name."""
    return who_of(uid, "", "", name.removeprefix("@"))


def said(cell: str) -> str:
    return "" if cell in NOBODY else cell


def text_of(cells: dict[str, str]) -> str:
    """Why, under which rule, for how long, and what else is told."""
    rule = cells.get("rule", "")
    long = lasting(cells.get("duration", ""), cells.get("until", ""))
    return paragraphs((cells.get("reason"), f"Rule: {rule}" if rule else "", long, cells.get("details")))
