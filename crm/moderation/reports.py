"""Reports to moderators of a Mastodon server: opened by a member, assigned, resolved, reopened.

The API shows only how a report stands; what has become of it is told by comparing two looks at it. In a recording of
exchanges the look right after an act gives the act's own time.
"""

from collections.abc import Iterator

import msgspec

from crm.activity import Activity, Precision, Who
from crm.moderation.mastodon_shapes import Report, who
from crm.moderation.touching import touched
from crm.moderation.words import paragraphs
from crm.moments import moment
from crm.plain import Plain
from crm.recent import Recent

WAITING = 10_000
"""Reports that are held back for a look that tells who reported."""


class Standing(msgspec.Struct, gc=False):
    """How a report stood when it was looked at last."""

    assigned: str = ""
    resolved: str = ""


class Reports:
    """The reports of one server in one run."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._known: Recent[str, Standing] = Recent()
        self._unsigned: dict[str, Activity] = {}

    def look(self, report: Report, *, done: str = "") -> Iterator[Activity]:
        """What a look at a report tells anew; `done` is what was asked for, if that was an act. ValueError for a time."""
        before = self._known.get(str(report.id))
        now = Standing(str(report.assigned_account.id) if report.assigned_account else "", report.action_taken_at or "")
        if report.account is None and before is None:
            self._unsigned[str(report.id)] = self._opened(report)  # moderators may yet tell who reported
            if len(self._unsigned) > WAITING:
                yield self._unsigned.pop(next(iter(self._unsigned)))
            return
        if report.account is not None and (before is None or str(report.id) in self._unsigned):
            self._unsigned.pop(str(report.id), None)
            yield self._opened(report)
        self._known.put(str(report.id), now)
        yield from self._changes(report, before or Standing(), now, first=before is None, done=done)

    def rest(self) -> Iterator[Activity]:
        """Reports of which nobody told who reported."""
        yield from self._unsigned.values()
        self._unsigned.clear()

    def _changes(
        self, report: Report, before: Standing, now: Standing, *, first: bool, done: str
    ) -> Iterator[Activity]:
        changed = report.updated_at or report.created_at
        if now.assigned and now.assigned != before.assigned:
            helper = who(report.assigned_account)
            actor = helper if done == "assign_to_self" else None
            key = now.assigned if first and not done else f"{now.assigned}:{changed}"
            yield self._act(report, "assigned", key, changed, actor, helper, exact=done == "assign_to_self")
        if before.assigned and not now.assigned:
            yield self._act(report, "unassigned", changed, changed, None, exact=done == "unassign")
        if now.resolved and now.resolved != before.resolved:
            actor = who(report.action_taken_by_account)
            yield self._act(report, "resolved", now.resolved, now.resolved, actor, exact=True)
        if before.resolved and not now.resolved:
            yield self._act(report, "reopened", changed, changed, None, exact=done == "reopen")

    def _act(
        self, report: Report, verb: str, key: str, at: str, actor: Who | None, helper: Who | None = None, *, exact: bool
    ) -> Activity:
        precision: Precision = "instant" if exact else "by"
        thread = f"report:{report.id}"
        return Activity(
            source="moderation",
            host=self._host,
            key=f"{thread}:{verb}:{key}",
            kind="moderated",
            own_kind=f"report {verb}",
            at=moment(at),
            precision=precision,
            who=actor,
            whom=touched(actor, (helper, "assigned"), (who(report.target_account), "moderated")),
            thread=thread,
            parent=thread,
            link=self._link(report),
        )

    def _opened(self, report: Report) -> Activity:
        reporter = who(report.account)
        thread = f"report:{report.id}"
        return Activity(
            source="moderation",
            host=self._host,
            key=thread,
            kind="reported",
            own_kind="report opened",
            at=moment(report.created_at),
            who=reporter,
            whom=touched(reporter, (who(report.target_account), "moderated")),
            thread=thread,
            title=f"Report {report.id}",
            text=evidence(report),
            link=self._link(report),
        )

    def _link(self, report: Report) -> str:
        return f"https://{self._host}/admin/reports/{report.id}"


def evidence(report: Report) -> str:
    """What was reported and why, with the posts as they stood then: their writers may delete them."""
    rules = (f"Rule: {rule.text}" for rule in report.rules or () if rule.text)
    posts = (f"Reported post {one.id}: {one.text or Plain().read(one.content or '')}" for one in report.statuses or ())
    return paragraphs((report.comment, f"Category: {report.category}" if report.category else "", *rules, *posts))
