"""One cell may say that somebody came, paid, cancelled or spoke, in the words of many platforms and two languages."""

from crm.events.headings import plain

YES = frozenset(["yes", "y", "true", "1", "x", "attended", "present", "came", "joined", "co", "da", "dung"]) | {
    "checked in", "check in", "checkedin", "showed up", "da tham du", "co mat", "da check in", "da diem danh", "did attend",
}  # fmt: skip
NO = frozenset(["no", "n", "false", "0", "absent", "khong", "vang", "noshow"]) | {
    "", "no show", "did not attend", "not attended", "not checked in", "vang mat", "khong tham du", "chua", "chua check in",
    "chua tham du", "did not show", "missed", "excused",
}  # fmt: skip
CANCELLED = frozenset(["cancelled", "canceled", "refunded", "deleted", "withdrawn", "transferred"]) | {
    "not attending", "not going", "da huy", "huy", "partially refunded", "refunded canceled",
}  # fmt: skip
DECLINED = frozenset({"declined", "tu choi", "no", "khong"})
DENIED = frozenset({"denied", "rejected", "bi tu choi"})
INVITED = frozenset({"invited", "duoc moi", "da moi"})
WAITING = frozenset(["pending", "waitlist", "waitlisted", "waiting"]) | {
    "pending approval", "on waitlist", "cho duyet", "danh sach cho", "dang cho",
}  # fmt: skip
ROLES = {
    **dict.fromkeys(("host", "co host", "cohost", "organizer", "organiser", "co organizer", "event organizer",
                     "ban to chuc", "nguoi to chuc", "chu tri", "chu toa", "host co host"), "hosted"),
    **dict.fromkeys(("speaker", "panelist", "keynote", "keynote speaker", "guest speaker", "dien gia", "dien gia khach moi",
                     "bao cao vien", "speakers"), "spoke"),
}  # fmt: skip


def standing(word: str) -> str:
    """What a status says: attended, no-show, cancelled, declined, denied, invited, waiting; "" for who simply registered."""
    known = plain(word)
    if known in CANCELLED or known.startswith(("cancelled ", "canceled ")):
        return "cancelled"
    if known in DECLINED or known in DENIED:
        return "declined" if known in DECLINED else "denied"
    if known in INVITED:
        return "invited"
    if known in WAITING:
        return "waiting"
    if known in YES and known not in ("yes", "y", "true", "1", "x", "co", "dung"):
        return "attended"
    return "no-show" if known in NO and known not in ("", "n", "false", "0") else ""


def part_of(role: str) -> str:
    """What somebody in that role did: hosted or spoke; "" for everybody else."""
    return ROLES.get(plain(role), "")
