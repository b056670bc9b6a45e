"""Each document is told by what stands in it, and read by the part that knows its kind."""

import re
from collections.abc import Iterator
from io import BufferedReader
from typing import cast

import msgspec

from crm.activity import Activity, Refused
from crm.moderation.discord import entry_of, read_audit
from crm.moderation.discourse import StaffLog
from crm.moderation.keys import Keys
from crm.moderation.mastodon import Server
from crm.moderation.red import case_of, read_settings
from crm.moderation.sheets import Tables
from crm.moderation.zeppelin import read_cases
from crm.reading import Document, Row, decode
from crm.reading.rows import rows_of

UNKNOWN = (
    "this is no history of moderation that Kith knows; expected is a staff log of Discourse, reports or accounts of"
    " Mastodon, an audit log of Discord, or cases of Zeppelin or Red"
)
RED = re.compile(rb'"(?:CASES|latest_case_number)"')
ABSENT = msgspec.Raw(b"")


class Probe(msgspec.Struct):
    """The names of fields that tell documents apart."""

    staff_action_logs: msgspec.Raw = ABSENT
    action_name: msgspec.Raw = ABSENT
    audit_log_entries: msgspec.Raw = ABSENT
    action_type: msgspec.Raw = ABSENT
    target_id: msgspec.Raw = ABSENT
    cases: msgspec.Raw = ABSENT
    case_number: msgspec.Raw = ABSENT
    uri: msgspec.Raw = ABSENT
    response: msgspec.Raw = ABSENT
    target_account: msgspec.Raw = ABSENT
    action_taken: msgspec.Raw = ABSENT
    username: msgspec.Raw = ABSENT
    suspended: msgspec.Raw = ABSENT

    def has(self, *names: str) -> bool:
        """Whether all of these fields are there."""
        return all(getattr(self, name) != ABSENT for name in names)


class Reader:
    """One run over documents of any kind; `host` is what the user gave, if anything."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._staff = StaffLog(host)
        self._server = Server(host)
        self._tables = Tables(host, self._staff)

    def read(self, document: Document) -> Iterator[Activity | Refused]:
        """What a document tells, but for what is told at the end."""
        head = cast(BufferedReader, document.stream).peek(64).lstrip(b"\xef\xbb\xbf \t\r\n")
        if not head.startswith((b"{", b"[")):
            yield from self._tables.read(document)
            return
        keys = Keys()
        for row in rows_of(document):
            yield from [row] if isinstance(row, Refused) else self._row(row, keys)

    def rest(self) -> Iterator[Activity]:
        """What only comparing the documents tells."""
        yield from self._server.rest()
        yield from self._tables.rest()

    def _row(self, row: Row, keys: Keys) -> Iterator[Activity | Refused]:
        probe = decode(row, Probe)
        if isinstance(probe, Refused):
            yield probe
        elif probe.has("staff_action_logs") or probe.has("action_name"):
            yield from self._staff.of_api(row, keys, alone=not probe.has("staff_action_logs"))
        elif probe.has("uri", "response"):
            yield from self._server.exchange(row, self._answer)
        elif (seen := self._seen(row, probe)) is not None:
            yield from seen
        else:
            yield from of_discord(row, probe, keys)

    def _seen(self, row: Row, probe: Probe, host: str = "") -> Iterator[Activity | Refused] | None:
        """What a look at a report or an account on Mastodon tells; None where a row is neither."""
        if probe.has("target_account", "action_taken"):
            return self._server.report(row, host)
        return self._server.account(row, host) if probe.has("username", "suspended") else None

    def _answer(self, row: Row, host: str) -> Iterator[Activity | Refused]:
        """What an answer in a recording tells of reports and accounts; others tell nothing of moderation."""
        several = decode(row, list[msgspec.Raw]) if row.raw.lstrip().startswith(b"[") else [msgspec.Raw(row.raw)]
        for one in [] if isinstance(several, Refused) else several:
            inside = Row(row.file, row.line, bytes(one))
            probe = decode(inside, Probe)
            if isinstance(probe, Probe):
                yield from self._seen(inside, probe, host) or ()


def of_discord(row: Row, probe: Probe, keys: Keys) -> Iterator[Activity | Refused]:
    """What an audit log or a bot's cases tell."""
    if probe.has("audit_log_entries"):
        yield from read_audit(row)
    elif probe.has("action_type", "case_number"):
        yield case_of(row)
    elif probe.has("action_type", "target_id"):
        yield entry_of(row, {})
    elif probe.has("cases"):
        yield from read_cases(row, keys)
    elif RED.search(row.raw):
        yield from read_settings(row)
    else:
        yield row.refuse(UNKNOWN)
