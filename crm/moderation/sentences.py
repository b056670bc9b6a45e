"""A public log is written in sentences: “mai and tuan were suspended on Matrix for 7 days”. Who it is about stands before the verb."""

import re
from typing import NamedTuple

from crm.moderation.words import spelled

LONGEST = 2_000
ACTS = (
    r"suspended|banned|muted|warned|silenced|kicked|removed|limited|restricted|timed out|unsuspended|unbanned|unmuted|"
    r"reinstated|unsilenced|cấm|đình chỉ|tạm khóa|tắt tiếng|cảnh cáo|nhắc nhở|cấm vĩnh viễn|khóa vĩnh viễn|bỏ cấm"
)
SENTENCE = re.compile(
    rf"(?P<who>[^\n]{{1,400}}?)\s+(?:was|were|wasa|has been|have been|is|are|got|(?:đã )?bị|(?:đã )?được)\s+"
    rf"(?:temporarily |permanently |indefinitely |tạm thời )?(?P<act>{ACTS})\b",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"\s*(?:,\s*(?:and|và)\b|,|\band\b|\bvà\b|&|[()])\s*")
HANDLE = re.compile(r"@?[^\s@,;()<>]{2,120}")
ALT = re.compile(
    r"\b(?:alt|alternate account|sockpuppet|tài khoản phụ)\s+(?:of|for|của)\s+(@?[^\s,;()<>]{2,120})", re.IGNORECASE
)


class Said(NamedTuple):
    """What a line says: what was done, to whom, and whose other account that is."""

    act: str = ""
    members: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def read(text: str) -> Said:
    """A line of a log; empty where it is no such sentence."""
    line = text[:LONGEST].lstrip("-* \t")
    found = SENTENCE.match(line)
    names = [name.lstrip("@") for name in BETWEEN.split(found["who"]) if name] if found else []
    if found is None or not names or not all(HANDLE.fullmatch(name) for name in names):
        return Said()
    others = tuple(name.lstrip("@").rstrip(".") for name in ALT.findall(line))
    return Said(spelled(found["act"]), tuple(dict.fromkeys(names)), others)
