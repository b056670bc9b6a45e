"""Subjects carry what mail programs and lists have put before them, in many languages; without it they name a thread."""

import re
import unicodedata
from collections.abc import Container

REPLY = r"re|aw|antw|antwort|sv|vs|rép|res|rif|odp|ynt|atb|bls|trả lời|tl|回复|回覆|答复|答覆|返信|ответ|отв|hồi âm"
FORWARD = r"fwd?|wg|chuyển tiếp|转发|轉寄"
TAG = re.compile(r"\s*\[([^\[\]]{1,60})\]\s*")
PREFIX = re.compile(rf"\s*(?:(?P<reply>{REPLY})|{FORWARD})\s*(?:[\[(]\d+[\])]|\^\d+|\d+)?\s*[:：]\s*", re.IGNORECASE)
COMMON = """
patch rfc bug ann announce announcement solved ot off-topic offtopic external ext spam fwd fw re was help question request
vote result proposal draft urgent info news update release job jobs test cfp poll review security
"""
GENERIC = frozenset(COMMON.split())
"""Words in brackets that people write themselves, so that they name no list."""


def peeled(subject: str) -> tuple[bool, list[str], str]:
    """Whether it says that it answers, the words in brackets before it, and the subject itself."""
    rest, answers, tags = unicodedata.normalize("NFC", subject), False, []
    while True:
        if found := PREFIX.match(rest):
            answers = answers or found["reply"] is not None
        elif found := TAG.match(rest):
            tags.append(found[1].strip())
        else:
            return answers, tags, rest.strip()
        rest = rest[found.end() :]


def title(subject: str, marks: Container[str]) -> str:
    """The subject as people read it: without the marks of lists and without signs of an answer."""
    rest = subject.strip()
    while True:
        prefix, tag = PREFIX.match(rest), TAG.match(rest)
        if prefix and prefix["reply"]:
            shorter = rest[prefix.end() :]
        elif tag and tag[1].strip().casefold() in marks:
            shorter = rest[tag.end() :]
        else:
            return rest
        if not shorter.strip():
            return rest
        rest = shorter


def names_a_list(tag: str) -> bool:
    """Whether words in brackets can be the mark that a list puts on every mail."""
    return tag.casefold() not in GENERIC and not any(word.isdecimal() for word in tag.split()) and "/" not in tag
