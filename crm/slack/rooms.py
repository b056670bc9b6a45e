"""The channels of one workspace, and which of them a folder of an export is.

A folder has the channel's name, which people change, so the key is the channel's id (`C…`). `channels.json` does not
list every folder; then the id is taken from a message that mentions the channel (`<#C…|name>`), or the folder turns
out to be the former name of a channel that was renamed. Only where nothing tells the id is the name the key.
"""

import re
from collections import Counter, defaultdict

import msgspec

from crm.slack.folders import one_form
from crm.slack.shapes import Channel

PRIVATE_FOLDER = re.compile(r"mpdm-.+-\d+|D[A-Z0-9]{7,}")
RENAMINGS = 20


class Room(msgspec.Struct, frozen=True, gc=False):
    """`key` is the id, or `name:` and the name; `private` says what it is where Kith leaves it out."""

    key: str
    name: str
    private: str = ""

    @property
    def id(self) -> str:
        return "" if self.key.startswith("name:") else self.key


def private_by_itself(channel: Channel) -> str:
    """What a channel that says of itself that it is not public is, or nothing."""
    if channel.is_im or channel.id.startswith("D"):
        return "a direct message"
    if channel.is_mpim:
        return "a direct message of several people"
    return "a private channel" if channel.is_private or channel.is_group else ""


class Rooms:
    """`mentions` counts the ids under which a name was mentioned; `renamed` leads from a former name to a later one."""

    def __init__(self) -> None:
        self.by_id: dict[str, Room] = {}
        self.by_name: dict[str, Room] = {}
        self.mentions: dict[str, Counter[str]] = defaultdict(Counter)
        self.renamed: dict[str, str] = {}

    def add(self, channel: Channel, private: str = "") -> None:
        """Learn a channel from a list; `private` is what all channels of that list are."""
        room = Room(channel.id, one_form(channel.name or channel.id), private or private_by_itself(channel))
        self.by_id[room.key] = self.by_name[room.name] = room

    def of_folder(self, folder: str) -> Room:
        """The channel whose days lie in a folder of that name."""
        if folder not in self.by_name:
            self.by_name[folder] = self.by_id.get(folder) or self.found(folder)
        return self.by_name[folder]

    def found(self, folder: str) -> Room:
        """The channel of a folder that is in no list: under its later name, by a mention, or by its name alone."""
        later = self.later(folder)
        if later in self.by_name and self.by_name[later].id:
            return self.by_name[later]
        if PRIVATE_FOLDER.fullmatch(folder):
            return Room(f"name:{folder}", folder, "a direct message")
        if met := self.mentions.get(later) or self.mentions.get(folder):
            key = min(met, key=lambda each: (-met[each], each))
            return self.by_id.setdefault(key, Room(key, later))
        return Room(f"name:{later}", later)

    def later(self, name: str) -> str:
        """The last name that a channel is known to have been given; one with an id is last enough."""
        for _ in range(RENAMINGS):
            if name in self.by_name and self.by_name[name].id:
                break
            name = self.renamed.get(name, name)
        return name

    def of_id(self, key: str, name: str = "") -> Room:
        """The channel of an id; one in no list is public unless its id says otherwise."""
        if key not in self.by_id:
            self.add(Channel(key, name or key))
        return self.by_id[key]

    def label(self, key: str) -> str:
        """How a channel is called in a text that mentions only its id."""
        return self.by_id[key].name if key in self.by_id else key
