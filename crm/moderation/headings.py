"""How people head the columns of a table of sanctions, in English and in Vietnamese, folded."""

from collections.abc import Iterable

from crm.csv.folding import fold

COLUMNS: dict[str, str] = {
    "moderator": "moderator, mod, moderated by, moderator name, staff, staff user, staff member, actor, acting user, issued by,"
    " handled by, action by, admin, by, nguoi kiem duyet, kiem duyet vien, quan tri vien, nguoi xu ly, nguoi xu phat, dieu hanh vien",
    "moderator_id": "moderator id, mod id, actor id, staff id, ma kiem duyet vien, ma quan tri vien",
    "member": "member, target, target user, user, username, user name, offender, member name, account, handle, subject, who,"
    " thanh vien, doi tuong, nguoi vi pham, tai khoan, ten thanh vien, nguoi dung, nguoi bi xu ly",
    "member_id": "member id, target id, user id, account id, ma thanh vien, ma nguoi dung, ma doi tuong",
    "action": "action, sanction, penalty, punishment, moderation action, measure, action taken, action type, type, infraction type,"
    " hanh dong, hinh thuc xu ly, hinh thuc, xu phat, hinh phat, bien phap, bien phap xu ly, hinh thuc ky luat, xu ly",
    "reason": "reason, reasons, violation, infraction, offence, offense, ly do, vi pham, loi vi pham, noi dung vi pham",
    "rule": "rule, rules, guideline, policy, rule broken, quy dinh, noi quy, dieu khoan, quy tac",
    "details": "details, notes, note, comment, comments, context, description, evidence, chi tiet, ghi chu, bang chung, mo ta",
    "time": "date, time, datetime, timestamp, created at, created, when, date time, issued at, action date, committed at,"
    " ngay, ngay gio, thoi gian, thoi diem, ngay xu ly, ngay tao",
    "until": "until, expires, expires at, expiry, expiry date, end date, ends at, ends, end, den ngay, het han, ngay het han, den",
    "duration": "duration, length, period, for how long, thoi han, thoi luong, thoi gian phat, keo dai",
    "place": "place, channel, platform, forum, server, room, where, group, community, kenh, noi, nen tang, dien dan, nhom",
    "case": "case, case number, case no, case id, case nr, ticket, incident, incident id, report id, ma vu viec, so vu viec, vu viec,"
    " ho so, so ho so, vu",
    "reporter": "reporter, reported by, flagged by, nguoi bao cao, nguoi to cao",
    "link": "link, url, permalink, message link, lien ket, duong dan",
}
"""The headings of each meaning, the likelier first."""

KNOWN = {heading.strip(): meaning for meaning, headings in COLUMNS.items() for heading in headings.split(",")}

MODERATORS = frozenset(
    ["moderator", "mod", "moderated by", "moderator name", "moderator id", "mod id", "staff user", "staff member",
     "acting user", "issued by", "nguoi kiem duyet", "kiem duyet vien", "nguoi xu ly", "nguoi xu phat",
     "dieu hanh vien", "quan tri vien"]
)  # fmt: skip
SANCTIONS = frozenset(
    ["sanction", "penalty", "punishment", "moderation action", "infraction type", "action taken", "hinh thuc xu ly",
     "xu phat", "hinh phat", "hinh thuc ky luat", "bien phap xu ly"]
)  # fmt: skip
"""Headings that stand over nothing else than moderation."""


def meanings(headings: Iterable[str]) -> dict[str, str]:
    """Which column has which meaning, each meaning once: `{"member": "Thành viên", …}`."""
    found: dict[str, str] = {}
    for heading in headings:
        meaning = KNOWN.get(fold(heading), "")
        if meaning:
            found.setdefault(meaning, heading)
    return found


def moderates(headings: frozenset[str]) -> bool:
    """Whether folded headings are those of a table of sanctions: somebody moderated, or a penalty is told, of a member."""
    meant = {KNOWN.get(heading, "") for heading in headings}
    somebody = bool(meant & {"member", "member_id"})
    if headings & MODERATORS:
        return somebody and bool(meant & {"action"}) and bool(meant & {"time", "reason", "case", "until", "duration"})
    return somebody and bool(headings & SANCTIONS) and "time" in meant
