"""A Mastodon server as its moderators see it through the API: plain answers, or exchanges as a test run recorded them."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from crm.activity import Activity, Refused, Who
from crm.moderation.accounts import done, listed
from crm.moderation.mastodon_shapes import SOURCE, Account, Exchange, Report, home, host_in, who
from crm.moderation.reports import Reports
from crm.moments import moment
from crm.reading import Row, decode
from crm.recent import Recent

NO_SERVER = "The server can't be told from this document. Give it with --host, for example --host social.example.org."
NO_TIME = "the recording does not tell when this was done, as nothing before it has a time"
ON_ACCOUNT = re.compile(r"/api/v\d+/admin/accounts/(\d{1,20})(?:/(\w+))?/?(?:\?|$)")
ON_REPORT = re.compile(r"/api/v\d+/admin/reports/\d+/(\w+)")
TIMES = re.compile(rb'"(?:created_at|updated_at|action_taken_at)"\s*:\s*"([^"\\]{10,40})"')


class Server:
    """One run over the documents of Mastodon servers; `given` is the host that the user told, if any."""

    def __init__(self, given: str) -> None:
        self._given = given
        self._reports: dict[str, Reports] = {}
        self._accounts: Recent[tuple[str, str], Who] = Recent()
        self._latest: dict[str, datetime] = {}
        self._now = datetime.now(UTC).replace(microsecond=0)

    def report(self, row: Row, host: str = "", act: str = "") -> Iterator[Activity | Refused]:
        """What a report tells anew."""
        report = decode(row, Report)
        if isinstance(report, Refused):
            yield report
            return
        host = self._given or host or home(report.target_account) or home(report.account)
        if not host:
            yield row.refuse(NO_SERVER)
            return
        reports = self._reports.setdefault(host, Reports(host))
        yield from timed(row, lambda: reports.look(report, done=act))

    def account(self, row: Row, host: str = "") -> Iterator[Activity | Refused]:
        """When an account came, and what it stands under, each once a run."""
        account = decode(row, Account)
        if isinstance(account, Refused):
            yield account
            return
        host = self._given or host or home(account)
        known = who(account)
        if not host or known is None:
            yield row.refuse(NO_SERVER)
        elif self._accounts.get((host, known.uid)) != known:
            self._accounts.put((host, known.uid), known)
            yield from timed(row, lambda: listed(account, known, host, self._now))

    def exchange(
        self, row: Row, answer: Callable[[Row, str], Iterator[Activity | Refused]]
    ) -> Iterator[Activity | Refused]:
        """What one exchange tells; `answer` reads an answer that is no more than a look."""
        exchange = decode(row, Exchange)
        if isinstance(exchange, Refused):
            yield exchange
            return
        host = self._given or host_in(exchange.uri)
        if not host:
            yield row.refuse(NO_SERVER)
        elif exchange.status < 400:  # else nothing came of it
            self._notice(host, bytes(exchange.response))
            yield from self._answered(row, exchange, host, answer)

    def rest(self) -> Iterator[Activity]:
        """What could only be told at the end."""
        for reports in self._reports.values():
            yield from reports.rest()

    def _answered(
        self, row: Row, exchange: Exchange, host: str, answer: Callable[[Row, str], Iterator[Activity | Refused]]
    ) -> Iterator[Activity | Refused]:
        inside = Row(row.file, row.line, bytes(exchange.response))
        asking = exchange.method.upper() == "GET"
        on_account, on_report = ON_ACCOUNT.search(exchange.uri), ON_REPORT.search(exchange.uri)
        if on_account and not asking:
            target = self._accounts.get((host, on_account[1])) or Who(on_account[1], source=SOURCE)
            at = self._latest.get(host)
            verb = on_account[2] or "delete"
            yield done(host, target, verb, exchange.request_body, at) if at else row.refuse(NO_TIME)
        elif on_report and not asking:
            yield from self.report(inside, host, on_report[1])
        else:
            yield from answer(inside, host)

    def _notice(self, host: str, raw: bytes) -> None:
        """An exchange was not before any time that stands in its answer."""
        for found in TIMES.findall(raw):
            try:
                at = moment(found.decode("utf-8", "replace"))
            except ValueError:
                continue
            self._latest[host] = max(at, self._latest.get(host, at))


def timed(row: Row, acts: Callable[[], Iterator[Activity]]) -> Iterator[Activity | Refused]:
    """The acts of a row, refused from where one can't be placed in time."""
    try:
        yield from acts()
    except ValueError as reason:
        yield row.refuse(f"this can't be placed in time: {reason}")
