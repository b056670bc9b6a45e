"""A look over everything that is to be read, before the first message: who is who, which folder is which channel.

Lists come in any order and an export may have none. The days of the channels themselves are gone through only
where the lists do not tell the workspace or the id of a channel.
"""

from crm.reading import Inputs, Row
from crm.reading.packing import Document
from crm.reading.rows import rows_of
from crm.slack.folders import CANVASES, PEOPLE, PRIVATE_ROOMS, Paper, one_form, paper_of
from crm.slack.objects import objects, people_in
from crm.slack.shapes import Channel, User
from crm.slack.traces import Traces, pieces
from crm.slack.whole import whole
from crm.slack.workspace import Workspace


class Root:
    """What lies in one folder with a workspace in it."""

    def __init__(self) -> None:
        self.users: list[User] = []
        self.channels: list[tuple[Channel, str]] = []
        self.folders: set[str] = set()
        self.listed: set[str] = set()
        self.of_people, self.beside, self.within = Traces(), Traces(), Traces()

    def add(self, users: list[User]) -> None:
        self.users += users
        self.of_people.teams.update(user.team_id for user in users if user.team_id)

    @property
    def named(self) -> bool:
        """Whether it is clear which workspace it is and how it is called."""
        return bool(self.of_people.team and self.domain)

    @property
    def wants_more(self) -> bool:
        """Whether the messages have to be gone through, as the lists leave something open."""
        return not self.named or bool(self.folders - self.listed)

    @property
    def team(self) -> str:
        """The workspace: of most people in the list, else that most of the messages name."""
        return self.of_people.team or self.within.team or self.beside.team

    @property
    def domain(self) -> str:
        return self.beside.domain or self.within.domain


class Survey:
    """The workspaces of a run by the folders in which they lie."""

    def __init__(self, inputs: Inputs) -> None:
        self.roots: dict[str, Root] = {}
        self.workspaces: dict[str, Workspace] = {}
        self.typed = frozenset(inputs.paths)
        for document in inputs.ahead(self._is_beside):
            self._learn(document)
        if any(root.wants_more for root in self.roots.values()):
            for document in inputs.ahead(self._is_wanted):
                self._look_through(document)
        self._settle(inputs.host)

    def reads(self, name: str) -> bool:
        """Whether a document can hold something: by its ending, unless it was given by itself."""
        return paper_of(name).readable or name in self.typed

    def only_channel(self, paper: Paper) -> str:
        """The id of the channel that an answer of the API is of, if its folder tells of one channel only."""
        found = {channel.id for channel, _ in self.roots[paper.root].channels}
        return next(iter(found)) if len(found) == 1 else ""

    def _is_beside(self, name: str) -> bool:
        paper = paper_of(name)
        if not self.reads(name) and paper.base != CANVASES:
            return False
        root = self.roots.setdefault(paper.root, Root())
        if paper.folder:
            root.folders.add(paper.folder)
        return not paper.folder

    def _is_wanted(self, name: str) -> bool:
        paper = paper_of(name)
        return bool(paper.folder) and self.roots[paper.root].wants_more

    def _look_through(self, document: Document) -> None:
        paper = paper_of(document.name)
        root = self.roots[paper.root]
        unnamed = not root.named
        for piece in pieces(document.stream):
            root.within.look_for_channels(piece, paper.folder)
            if unnamed:
                root.within.look_for_workspace(piece)

    def _learn(self, document: Document) -> None:
        paper = paper_of(document.name)
        root = self.roots[paper.root]
        if paper.base == CANVASES:
            for piece in pieces(document.stream):
                root.beside.look_for_workspace(piece)
            return
        raw, again = whole(document)
        people = people_in(raw) if paper.base in PEOPLE else None
        if people is not None:
            root.add(people)
            root.beside.look_for_workspace(raw)
            return
        for row in rows_of(again):
            if isinstance(row, Row):
                root.beside.look_for_workspace(row.raw)
                root.beside.look_for_channels(row.raw)
                self._take(root, paper, row)

    def _take(self, root: Root, paper: Paper, row: Row) -> None:
        for found in objects(row, paper.base):
            if isinstance(found, User):
                root.add([found])
            elif isinstance(found, Channel):
                root.channels.append((found, PRIVATE_ROOMS.get(paper.base, "")))
                root.listed.add(one_form(found.name or found.id))

    def _settle(self, given: str) -> None:
        hosts = {given or root.team for root in self.roots.values()} - {""}
        only = next(iter(hosts)) if len(hosts) == 1 else ""
        made: dict[str, Workspace] = {}
        for name, root in self.roots.items():
            if host := given or root.team or only:
                workspace = made.setdefault(host, Workspace(host))
                self.workspaces[name] = workspace
                fill(workspace, root)


def fill(workspace: Workspace, root: Root) -> None:
    """Give a workspace what one folder tells of it."""
    workspace.team = workspace.team or root.team
    named = workspace.host if workspace.host.endswith(".slack.com") else ""
    workspace.domain = named or workspace.domain or root.domain
    for user in root.users:
        workspace.people.add(user)
    for channel, private in root.channels:
        workspace.rooms.add(channel, private)
    for name, key in (found := root.within.mentions + root.beside.mentions):
        workspace.rooms.mentions[name][key] += found[name, key]
    workspace.rooms.renamed |= root.within.renamed
