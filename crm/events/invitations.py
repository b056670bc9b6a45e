"""Whom a calendar's entry invites, and what they answered."""

from collections.abc import Iterator

from crm.activity import Who
from crm.events.gathering import Part, person
from crm.events.lines import Lines, Property

ANSWERS = {
    "ACCEPTED": ("registered", "accepted"),
    "COMPLETED": ("registered", "accepted"),
    "TENTATIVE": ("registered", "tentative"),
    "DECLINED": ("did", "declined"),
}
"""What an answer to an invitation becomes; whoever has not answered was only invited."""


def parts(lines: Lines, organiser: Who | None) -> Iterator[Part]:
    """Everybody who is invited, each once, with what they answered; rooms and whoever organises are left out."""
    met = {organiser.uid} if organiser else set()
    for line in lines.get("ATTENDEE", []):
        who = attendee(line)
        if who is None or who.uid in met or line.parameters.get("CUTYPE", "").upper() in ("ROOM", "RESOURCE"):
            continue
        met.add(who.uid)
        kind, own_kind = ANSWERS.get(line.parameters.get("PARTSTAT", "").upper(), ("invited", "invited"))
        if kind == "registered" and line.parameters.get("ROLE", "").upper() == "CHAIR":
            kind, own_kind = "hosted", "chair"
        guests = line.parameters.get("X-NUM-GUESTS", "")
        counts = {"guests": int(guests)} if guests.isdecimal() and 0 < len(guests) < 5 and int(guests) else {}
        yield Part(who=who, kind=kind, own_kind=own_kind, counts=counts)


def attendee(line: Property) -> Who | None:
    """Whom a line names: by the address it gives, else by the name; None where there is neither."""
    name = " ".join(line.parameters.get("CN", "").split())
    scheme, _, address = line.value.strip().partition(":")
    email = (address if scheme.lower() == "mailto" else "") or line.parameters.get("EMAIL", "")
    email = email.strip() if "@" in email else ""
    name = "" if name.lower() == email.lower() else name
    return person(name=name, email=email) if name or email else None
