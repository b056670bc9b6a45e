"""A mail told as what somebody did: posted to a list, or answered somebody there."""

from collections.abc import Iterator

from crm.activity import Activity, Place, Who, Whom
from crm.mail.address import Mailbox
from crm.mail.closing import bare, unsigned
from crm.mail.encoded import header
from crm.mail.introductions import Source
from crm.mail.mail import Mail
from crm.mail.memory import Known, Memory
from crm.mail.parts import said
from crm.mail.quotes import Own, own
from crm.mail.subject import title
from crm.mail.survey import Survey
from crm.mail.writers import account

CLIP = "\N{PAPERCLIP} "
BY_SUBJECT = "what it answers was told by its subject only"


def told(mail: Mail, host: str, survey: Survey) -> Iterator[Activity]:
    """The mail as an activity of its list; nothing if it was told before in this run."""
    who, guessed = mail.written_by(host)
    known = survey.memory.learn(mail, who)
    if not survey.memory.repeats(host, known):
        yield _activity(mail, host, known.key, who, guessed, survey)


def _activity(mail: Mail, host: str, key: str, who: Who | None, guessed: str, survey: Survey) -> Activity:
    memory = survey.memory
    by_subject = memory.begun(mail) if mail.answers and not mail.parent and not mail.root else ""
    parent = memory.same(mail.parent or by_subject)
    thread = memory.thread(key, parent, memory.same(mail.root))
    words, files = read(mail)
    doubts = [mail.stamp.doubt, guessed, BY_SUBJECT if by_subject else ""]
    return Activity(
        source="mail",
        host=host,
        key=key,
        kind="replied" if mail.answers else "posted",
        own_kind="answer" if mail.answers else "mail",
        at=mail.at,
        precision=mail.stamp.precision,
        who=who,
        whom=touched(who, mail.answers, memory.mails.get(parent), words.sources, memory),
        place=Place(host, host),
        thread=thread,
        parent=parent,
        title=title(mail.subject, survey.marks) if thread == key else "",
        text="\n\n".join(part for part in (unsigned(words.text), "\n".join(CLIP + file for file in files)) if part),
        link=link(mail),
        doubt="; ".join(doubt for doubt in doubts if doubt),
    )


def read(mail: Mail) -> tuple[Own, list[str]]:
    """What the writer wrote, whom it quotes, and the names of the files with it."""
    whole = said(mail.fields, mail.body)
    text = bare(whole.text)
    return own(text.text, mail.answers), list(dict.fromkeys((*whole.files, *text.files)))


def touched(
    who: Who | None, answers: bool, answered: Known | None, sources: tuple[Source, ...], memory: Memory
) -> tuple[Whom, ...]:
    """Whom a mail answers, as the mail it answers or else its first quote tells, and whom else it quotes."""
    people = [person(source, memory) for source in sources]
    reached = [Whom(one, "quoted") for one in people if one]
    if answered and answered.who:
        reached.insert(0, Whom(answered.who, "replied"))
    elif answers and reached and people[0]:
        reached[0] = Whom(people[0], "replied")
    first = {whom.who.uid: whom for whom in reversed(reached)}
    return tuple(first[uid] for uid in dict.fromkeys(whom.who.uid for whom in reached) if who is None or uid != who.uid)


def person(source: Source, memory: Memory) -> Who | None:
    """The account of somebody who is quoted: known by the address, or by a name that only one here has.

    It is a new one only where nobody of that name writes here: in masked archives it would be a second one of theirs.
    """
    known = memory.people.get(source.address) if source.address else None
    known = known or memory.called(source.name)
    if known is None and source.address and not memory.has_met(source.name):
        known = account(Mailbox(source.name if "@" not in source.name else "", source.address))[0]
    return known


def link(mail: Mail) -> str:
    """Where the mail can be read, if its list says so."""
    address = header(mail.fields.get("archived-at", b"")).strip("<> ")
    return address if address.startswith(("http://", "https://")) else ""
