"""GitHub: issues and pull requests with their timelines as backups hold them, REST answers, GH Archive hours.

What makes an act the same from whatever packing it comes:

- A thread is `thread:owner/repository#number`, lower-cased. Ids would outlive a renaming, but a pull request
  has one id in the issues API and another in the pulls API, a comment by itself knows neither, and an issue
  does not tell its repository's id; the number under the name is all that each of them knows. Who imports a
  repository from before and after its renaming sees a thread's opening twice, its comments never.
- What GitHub numbers goes by that number (`comment:`, `review:`, `reviewcomment:`, `release:`, and `event:`
  for an entry of a timeline).
- A merge happens to a thread once, a closing once a second; a person gives a repository one star.
- `archive:` and the event's number is the last resort: nothing else numbers branches that come and go.
"""

from collections.abc import Iterator

import msgspec

from crm.activity import Activity, Refused
from crm.github.archive import archived
from crm.github.backup import alone, backup, comment
from crm.github.recent import Recent
from crm.github.shapes import Document, Unreadable, given
from crm.kinds import _
from crm.reading import Glimpse, Inputs, Row, decode, worded
from crm.reading.fields import fields_in

NAME = "github"
LABEL = _("GitHub")
HELP = _(
    "Issues and pull requests saved from the REST API, one a line or one a file, with their timelines if you "
    "have them; or hours of GH Archive (gharchive.org). Packed or not."
)
MAKES = (
    "Opening an issue or a discussion becomes a post, or a question where its title or category says so.",
    "Opening a pull request becomes a proposed change; merging it becomes a merge.",
    "A comment becomes a reply to whom it answers; a review of another’s change becomes a review.",
    "Closing, reopening, labelling, assigning, asking for a review, following and mentioning become acts of their own.",
    "Locking, blocking, deleting another’s comment and setting aside a review become moderation acts.",
    "A push, a release, a copy, a star, a branch, a page of the wiki becomes an act in its repository.",
)
CANNOT_KNOW = (
    "Who gave a reaction, and when: only how many there were when the file was made.",
    "What a text said before it was edited.",
    "Whose comment was deleted, where only the deletion is left.",
    "That a repository was renamed: a thread from before and after is opened twice, its comments are not.",
    "Accounts that GitHub has lost: what they did is kept without a name.",
)


def fits(glimpse: Glimpse) -> int:
    """An event of an archive, a backup with its timeline, or what the REST API answers about an issue or a comment."""
    fields = fields_in(glimpse)
    if {"type", "actor", "repo", "payload"} <= fields or ("events" in fields and fields & {"issue", "pull"}):
        return 95
    talk = {"html_url", "user"} <= fields and fields & {"number", "issue_url", "commit_id", "pull_request_url"}
    return 90 if talk and "sender" not in fields else 0


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Every act in every document, streaming; a thread's opening only once while its words stay the same."""
    recent = Recent()
    for row in inputs.rows():
        if isinstance(row, Refused):
            yield row
        else:
            yield from (
                found for found in acts(row, inputs.host) if isinstance(found, Refused) or not recent.repeats(found)
            )


def acts(row: Row, host: str) -> Iterator[Activity | Refused]:
    """What one document tells of; one that lacks something needed is refused with the reason."""
    document = decode(row, Document)
    if isinstance(document, Refused):
        yield document
        return
    try:
        yield from recognised(document, row, host)
    except Unreadable as lack:
        yield row.refuse(str(lack))
    except msgspec.MsgspecError as fault:
        yield row.refuse(worded(str(fault)))


def recognised(document: Document, row: Row, host: str) -> Iterator[Activity | Refused]:
    """The reader for what this is, told by the parts it has."""
    if given(document.payload):
        return archived(row, host)
    if given(document.events) and (given(document.issue) or given(document.pull)):
        return backup(document, row, host)
    if given(document.number) and given(document.title):
        return alone(row, host)
    if "#" in (document.html_url or ""):
        return comment(row, document.html_url or "", host)
    raise Unreadable("this is neither an issue, a pull request, a comment nor an event of GitHub")
