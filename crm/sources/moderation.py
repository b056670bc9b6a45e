"""Histories of moderation as other systems keep them: staff logs, reports, bots' cases, block lists, and sheets of sanctions.

Every act stays an act of its own, corrections and withdrawals too: what was once written in a log is not overwritten by what
was written later. Accounts of Discourse and Discord are the same as in those sources, so a member's sanctions stand in
their timeline.
"""

from collections.abc import Iterator

from crm.activity import Activity, Refused
from crm.csv.fitting import first_rows
from crm.errors import Refusal
from crm.kinds import _
from crm.moderation.documents import RED, Reader
from crm.moderation.sheets import is_table
from crm.reading import Glimpse, Inputs
from crm.reading.fields import fields_in

NAME = "moderation"
LABEL = _("Moderation history")
HELP = _(
    "Discourse's staff log, Mastodon's reports and block lists, Discord's audit log, cases of Zeppelin and Red, and tables of "
    "sanctions in English or Vietnamese; --host where the files don't tell the community."
)
MAKES = (
    "Each act of a moderator becomes a moderation act toward the member, under the source's word in one spelling.",
    "The reason, the rule, how long it holds and until when stand in the text of the act, each in a sentence.",
    "A case or report is a thread: follow-up notes, assignments and decisions stand in it. Its number is in its title.",
    "A report is an act of whoever reported, toward whoever was reported, with the reported posts as they stood then.",
    "A line taken out of a public log becomes an act of its own; one put in its place becomes a correction of the first.",
    "Several block lists with dates in their names become additions, changes and removals; each server is a thread.",
    "Entries that run the site and moderate nobody, such as changed settings, become other acts.",
    "Accounts in a list of Mastodon's administrators become arrivals, and what they stand under becomes moderation acts.",
    "Kept for later use by structured sanctions: the act's own word, the moment, who, whom, and the sentence on its length.",
)
CANNOT_KNOW = (
    "When a server was blocked: only that it was so by the date of the list.",
    "Who blocked a server, and who reopened or gave back a report on Mastodon.",
    "Between two looks at a report or an account: what was done and undone again.",
    "When an account came under what it stands under, and when that ended.",
    "In the CSV of Discourse's staff log: the ids of accounts and acts. Import it or the API's JSON, not both.",
    "Which server the cases of Zeppelin are of, and what Red's cases said before they were amended.",
    "What Discord's audit log held more than 45 days before it was fetched.",
    "Whether two people of the same display name are one person, and whether two names in a log are one person's.",
    "Posts and other talk in a recording of Mastodon's API: they are no moderation and are left out.",
)


def fits(glimpse: Glimpse) -> int:
    """Fields that only these systems write together, or headings of a table of sanctions."""
    fields = fields_in(glimpse)
    if fields:
        return of_json(fields, glimpse.head)
    if glimpse.head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"<", b"{", b"[", b""):
        return 0
    rows = first_rows(glimpse.head)
    return is_table([" ".join(cell.split()) for cell in rows[0]]) if len(rows) > 1 else 0


def of_json(fields: frozenset[str], head: bytes) -> int:
    """How surely a JSON document with these fields is one of moderation."""
    if fields & {"staff_action_logs", "audit_log_entries"} or {"action_name", "acting_user"} <= fields:
        return 97
    if {"target_account", "action_taken"} <= fields or {"username", "suspended", "silenced"} <= fields:
        return 95
    if {"case_number", "action_type"} <= fields or {"action_type", "target_id", "user_id"} <= fields:
        return 95
    if "cases" in fields and b'"case_number"' in head and b'"notes"' in head:
        return 97
    if {"method", "uri", "response"} <= fields and b"/api/v" in head and b"/admin/" in head:
        return 90
    return 90 if RED.search(head) and b'"casetypes"' in head.lower() else 0


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Every act in every document, and at the end what comparing them tells."""
    reader = Reader(inputs.host)
    for document in inputs.documents():
        try:
            yield from reader.read(document)
        except Refusal as reason:
            yield Refused(document.name, 0, str(reason))
    yield from reader.rest()
