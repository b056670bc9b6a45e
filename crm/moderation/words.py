"""Systems bend the word for one act in many ways (“Banned”, “ban_user”, “cấm”); a count of bans needs one spelling."""

from collections.abc import Iterable
from functools import lru_cache

from crm.csv.folding import fold

LONGEST = 60
SPELLINGS: dict[str, str] = {
    "warn": "warned, warning, warn user, warnings, official warning, verbal warning, canh cao, nhac nho, bi canh cao",
    "mute": "muted, mute user, tat tieng, cam chat, cam noi, bi tat tieng",
    "unmute": "unmuted, unmute user, bo tat tieng, mo tieng",
    "timeout": "timed out, time out, tam cam chat",
    "silence": "silenced, silence user",
    "unsilence": "unsilenced, unsilence user",
    "suspend": "suspended, suspend user, suspension, dinh chi, tam khoa, bi dinh chi, bi tam khoa, treo tai khoan",
    "unsuspend": "unsuspended, unsuspend user, reinstated, reinstate, bo dinh chi, khoi phuc tai khoan",
    "ban": "banned, ban user, permanent ban, permanently banned, cam, bi cam, cam vinh vien, khoa vinh vien",
    "unban": "unbanned, unban user, ban lifted, bo cam, go cam",
    "kick": "kicked, kick user, duoi khoi nhom, moi ra khoi nhom",
    "remove": "removed, go bai, xoa bai",
    "limit": "limited, restricted, han che",
    "lock": "locked, khoa chu de, khoa bai",
    "unlock": "unlocked, mo chu de",
    "note": "notes, ghi chu",
    "approve": "approved, duyet, duyet bai",
    "reject": "rejected, tu choi",
}
"""Each act with other spellings of it, folded."""

STABLE = {fold(word): act for act, words in SPELLINGS.items() for word in (act, *words.split(","))}


@lru_cache(4096)
def spelled(word: str) -> str:
    """A system's word for an act in small letters, in the one spelling where it has several; "" for no word."""
    return STABLE.get(fold(word)) or " ".join(word.replace("_", " ").lower().split())[:LONGEST]


def lasting(duration: str, until: str) -> str:
    """How long something holds, as a sentence; "" where neither is told."""
    parts = [f"for {duration}" if duration else "", f"until {until}" if until else ""]
    told = ", ".join(filter(None, parts))
    return f"{told[0].upper()}{told[1:]}." if told else ""


def paragraphs(parts: Iterable[str | None]) -> str:
    """What is told of an act, each part a paragraph of its own."""
    return "\n\n".join(part.strip() for part in parts if part and part.strip())
