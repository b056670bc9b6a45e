"""From documents to activities: each document by what it is, each row by itself, so that a bad one costs no other."""

from collections.abc import Iterator

from crm.activity import Activity, Refused
from crm.reading import Row
from crm.reading.packing import Document
from crm.reading.rows import rows_of
from crm.slack.beside import with_channel
from crm.slack.days import by_row, day
from crm.slack.folders import PEOPLE, Paper, paper_of
from crm.slack.objects import Talk, objects, people_in
from crm.slack.rooms import Room
from crm.slack.shapes import Channel
from crm.slack.survey import Survey
from crm.slack.whole import whole
from crm.slack.workspace import Workspace

NO_WORKSPACE = (
    "Which Slack workspace this is of can't be told from these files. Give its id with --host, such as T024BE7LD: it "
    "stands in the address of Slack in a browser, after app.slack.com/client/."
)
NO_CHANNEL = (
    "Which channel these messages are of can't be told: put the days of a channel into a folder with its name, or add "
    "what conversations.info answers for it."
)


class Reader:
    """Reads what a survey has looked over; says once for each folder why it leaves it out."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.said: set[tuple[str, str]] = set()

    def read(self, document: Document) -> Iterator[Activity | Refused]:
        """Everything that one document tells."""
        paper = paper_of(document.name)
        workspace = self.survey.workspaces.get(paper.root)
        if workspace is None:
            yield from self.once(paper.root, Refused(document.name, 0, NO_WORKSPACE))
        elif paper.folder:
            room = workspace.rooms.of_folder(paper.folder)
            yield from self.private(room, paper, document.name) if room.private else day(document, room, workspace)
        else:
            raw, again = whole(document)
            if paper.base in PEOPLE and people_in(raw) is not None:
                return
            for row in rows_of(again):
                yield from [row] if isinstance(row, Refused) else self.beside(row, paper, workspace)

    def beside(self, row: Row, paper: Paper, workspace: Workspace) -> Iterator[Activity | Refused]:
        """What a row of any other document holds; of people only what can't be read, as the survey has them."""
        for found in objects(row, paper.base):
            if isinstance(found, Refused):
                yield found
            elif isinstance(found, Talk):
                yield from self.talk(found, row, paper, workspace)
            elif isinstance(found, Channel):
                yield from channel_in(row, found, workspace)

    def talk(self, talk: Talk, row: Row, paper: Paper, workspace: Workspace) -> Iterator[Activity | Refused]:
        """Messages that came in an answer of the API."""
        key = talk.channel or self.survey.only_channel(paper)
        room = workspace.rooms.of_id(key, talk.name) if key else None
        if room is None:
            yield from self.once(paper.root, row.refuse(NO_CHANNEL)) if talk.rows else ()
        elif room.private:
            yield from self.private(room, paper, row.file)
        else:
            for one in talk.rows:
                yield from by_row(one, room, workspace)

    def private(self, room: Room, paper: Paper, file: str) -> Iterator[Refused]:
        reason = f"“{room.name}” is {room.private}, and Kith leaves those out."
        yield from self.once(f"{paper.root}/{room.key}", Refused(file, 0, reason))

    def once(self, where: str, refused: Refused) -> Iterator[Refused]:
        if (where, refused.reason) not in self.said:
            self.said.add((where, refused.reason))
            yield refused


def channel_in(row: Row, channel: Channel, workspace: Workspace) -> Iterator[Activity | Refused]:
    """What a channel's entry in a list tells of what people did; of a private one nothing."""
    room = workspace.rooms.of_id(channel.id)
    if room.private:
        return
    try:
        yield from with_channel(channel, room, workspace)
    except ValueError as reason:
        yield row.refuse(f"This channel can't be placed in time: {reason}.")
