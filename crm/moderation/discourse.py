"""The staff action log of Discourse: as its API tells it (with ids), and as the CSV that administrators download (without)."""

import re
from collections.abc import Iterator

import msgspec

from crm.activity import Activity, Refused
from crm.discourse.address import told_by
from crm.discourse.forum import Forum
from crm.moderation.keys import Keys
from crm.moderation.staff import StaffAction, account, named, told
from crm.reading import Record, Row, decode

NO_ADDRESS = "The forum's address can't be told from this file. Give it with --host forum.example.org."
HEADINGS = frozenset(["staff_user", "action", "subject", "created_at", "details", "context"])

OF_MEMBERS = re.compile(r"user|trust_level|badge|admin|moderation$|impersonate|check_email|anonymize|silence|suspend")
"""Acts whose subject, in the CSV, begins with a member’s login."""


class Logs(msgspec.Struct):
    staff_action_logs: list[msgspec.Raw]


class StaffLog:
    """What one run reads of staff action logs; `host` is the forum that was given, or "" where each document tells it."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._forums: dict[str, Forum] = {}

    def of_api(self, row: Row, keys: Keys, *, alone: bool = False) -> Iterator[Activity | Refused]:
        """The entries of a document of the API, or the one entry that a row is."""
        host = self._host or told_by(row.raw)
        logs = Logs([msgspec.Raw(row.raw)]) if alone else decode(row, Logs)
        if isinstance(logs, Refused):
            yield logs
        elif not host:
            yield row.refuse(NO_ADDRESS)
        else:
            for raw in logs.staff_action_logs:
                yield self._entry(Row(row.file, row.line, bytes(raw)), host, keys)

    def of_table(self, record: Record, keys: Keys) -> Activity | Refused:
        """A row of the CSV."""
        cells = {name: record.cells.get(name, "") for name in HEADINGS}
        if not self._host:
            return record.refuse(NO_ADDRESS)
        subject, target = cells["subject"], None
        if OF_MEMBERS.search(cells["action"]) and subject:
            login, _, subject = subject.partition(" ")
            target = named(login)
        entry = StaffAction(
            cells["created_at"], cells["action"], subject=subject, details=cells["details"], context=cells["context"]
        )
        try:
            return told(entry, self._host, keys, named(cells["staff_user"]), target)
        except ValueError as reason:
            return record.refuse(f"this act can't be placed in time: {reason}")

    def _entry(self, row: Row, host: str, keys: Keys) -> Activity | Refused:
        entry = decode(row, StaffAction)
        if isinstance(entry, Refused):
            return entry
        forum = self._forums.setdefault(host, Forum(host))
        who, target = (account(forum, poster) for poster in (entry.acting_user, entry.target_user))
        try:
            return told(entry, host, keys, who, target)
        except ValueError as reason:
            return row.refuse(f"this act can't be placed in time: {reason}")
