"""What others wrote is left out of a mail's text, and the line above it (“On …, Anna Ng wrote:”) tells who they are.

Lines behind “>” are taken for quotes only where a mail answers, or names whom it quotes: in a mail that begins a thread they
are as likely the writer's own (the prompt of a program).
"""

import re
from typing import NamedTuple

from crm.mail.introductions import SAYS, Source, introduction, named

QUOTES = re.compile(r"(?:\n[ \t]{0,8}+(?:[A-Z][A-Za-z]{1,9}+)?[>|][^\n]*+(?:\n[ \t]*+(?=\n|\Z))*+)++")
"""Begins with a letter that never varies, as all that is looked for in whole texts: it is found ten times faster so."""

ESCAPED = re.compile(r"(?:\n>+From [^\n]*(?:\n[ \t]*(?=\n|\Z))*)+")
SUPERCITED = re.compile(r"^[ >\t]*>{2,}[ \t]*\"?[\w.-]*\"? == (.+)", re.MULTILINE)
TALK = re.compile(
    r"(?:wrote|writes|schrieb|écrit|escribió|viết):|[ \t]> ?>|\n>>|mailing list|Original Message|\n[> ]*From:"
)
"""What stands in quotes of mails, and hardly ever behind the prompt of a program."""

ORIGINAL = re.compile(
    r"\n[ \t]*-{2,}[ \t]*(?:original message|original-nachricht|ursprüngliche nachricht|message d'origine|mensaje original"
    r"|mensagem original|messaggio originale|oorspronkelijk bericht|forwarded message|forwarded by [^\n]*"
    r"|weitergeleitete nachricht|thư gốc|tin nhắn gốc|thư đã chuyển tiếp|исходное сообщение|原始邮件|原始郵件)[ \t]*-{2,}",
    re.IGNORECASE,
)
FROM = re.compile(r"\n[ \t>*]*(?:From|Von|De|Da|Van|Từ|От|发件人|寄件者)\*?[ \xa0]?[:：]\*?[ \t]*([^\n]+)")
BARE = re.compile(
    r"\n\W{0,2}(?:On|Am|Le|El|Em|Il|Op|Vào|Ngày) [^\n]{0,150}\d[^\n]{0,150}(?:@| at )[^\n]{0,150}"
    + SAYS.pattern
    + r"\W{0,3}[:：][ \t]*(?=\n)"
)
"""Introduces a quote that some programs do not mark at all: all below it is another’s."""

SENT = (
    "Sent",
    "Date",
    "Gesendet",
    "Envoyé",
    "Enviado",
    "Inviato",
    "Verzonden",
    "Đã gửi",
    "Ngày",
    "Отправлено",
    "发送时间",
)
HEADERS = re.compile(
    FROM.pattern + r"\n(?:[^\n]*\n)??[ \t>*]*(?:" + "|".join(SENT) + r")\*?[ \xa0]?[:：]",
)


class Own(NamedTuple):
    """The writer's own lines, and whom they quote, in order."""

    text: str
    sources: tuple[Source, ...] = ()


def own(text: str, answers: bool) -> Own:
    """A mail's text without what is quoted; `answers` tells that it answers another."""
    sources: list[Source] = []
    text = "\n" + text
    below = ORIGINAL.search(text) if "--" in text else None
    if below is None and answers and any(word in text for word in SENT):
        below = HEADERS.search(text)
    if below:
        head = FROM.search(text[below.start() : below.start() + 1_000])
        sources = [named(head[1])] if head else []
        text = text[: below.start()].rstrip().removesuffix("_" * 32)
    kept, quoted = unquoted(text, answers)
    if answers and (bare := BARE.search(kept)):
        sources.append(named(bare[0].strip()))
        kept = kept[: bare.start()]
    return Own(kept.strip("\n"), (*quoted, *sources))


def unquoted(text: str, answers: bool) -> tuple[str, list[Source]]:
    """The text without quotes and the words that introduce them, and whom these name."""
    kept: list[str] = []
    sources: list[Source] = []
    end = 0
    for quote in QUOTES.finditer(text):
        above, end = text[end : quote.start()], quote.end()
        if ESCAPED.fullmatch(quote[0]):
            kept += [above, quote[0].replace("\n>", "\n")]
            continue
        above, introduced = introduction(above)
        sources += [named(introduced)] if introduced else []
        if " == " in quote[0]:
            sources += [named(found) for found in SUPERCITED.findall(quote[0])[:1]]
        behind_bars = quote[0].lstrip()[0] == "|"  # a table, unless somebody is said to have written it
        is_quote = introduced or (not behind_bars and (answers or TALK.search(quote[0])))
        kept += [above, "\n\n" if is_quote else quote[0]]
    return "".join([*kept, text[end:]]), sources
