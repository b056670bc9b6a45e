"""A mailing list from its archive: mailboxes (mbox), months of Pipermail, HyperKitty and groups.io exports, single mails."""

from collections.abc import Iterator
from datetime import UTC, datetime

from crm.activity import Activity, Refused
from crm.errors import Refusal
from crm.kinds import _
from crm.mail.acts import told
from crm.mail.letters import is_mail, is_mailbox, letters
from crm.mail.mail import Mail, opened
from crm.mail.survey import Survey
from crm.reading import Document, Glimpse, Inputs
from crm.reading.cutting import SAMPLE

NAME = "mail"
LABEL = _("Mailing list")
HELP = _(
    "Archives of a mailing list: mbox, Pipermail months, HyperKitty and groups.io exports, Maildir, .eml; --host names the list."
)
MAKES = (
    "A mail that begins a thread becomes a post.",
    "A mail that answers becomes a reply to whoever wrote the mail it answers, or whom it quotes first; others it quotes are quoted.",
    "What a mail quotes, its signature and the footer of the list are left out of the text; attached files are named below it.",
    "An address is the account; the same address on two lists is one account.",
)
CANNOT_KNOW = (
    "Whose a masked address is: such an account is told by what is left of the address together with the name.",
    "What a mail answers if it does not say so in its headers: then the last mail of the same subject is taken.",
    (
        "The address of a list whose archive does not hold it (Pipermail): then the mark in its subjects, such as [users], "
        "stands for it. Give --host users@lists.example.org to join it with another archive of the same list."
    ),
    "Who asks a question: all mails that begin a thread are posts.",
    "When a mail was written, where its date has no zone or can’t be right.",
)
NO_LIST = (
    "This mail does not tell which list it was sent to. If all of the file is of one list, "
    "give that with --host users@lists.example.org."
)


def fits(glimpse: Glimpse) -> int:
    """Nothing but a mailbox begins with a line that begins a mail; other texts begin with headers too, though seldom three."""
    return 95 if is_mailbox(glimpse.head) else 85 if is_mail(glimpse.head) else 0


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Every mail as an activity. All mails are looked at once before, so that answers find what they answer in any order."""
    now = datetime.now(UTC)
    survey = Survey(inputs, now)
    for document in inputs.documents():
        yield from _mails(document, survey, now)


def _mails(document: Document, survey: Survey, now: datetime) -> Iterator[Activity | Refused]:
    line = 0
    try:
        for piece in letters(document):
            line = piece.line
            mail = opened(piece, now)
            reason = NO_LIST
            if not isinstance(mail, Mail):
                reason = mail
            elif host := survey.host(document.name, mail):
                yield from told(mail, host, survey)
                continue
            yield Refused(document.name, line, reason, piece.raw[:SAMPLE])
    except Refusal as reason:
        yield Refused(document.name, line, str(reason))
