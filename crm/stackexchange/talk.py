"""Questions, answers and comments: what people wrote, to whom."""

import re
from collections.abc import Iterator

from crm.activity import Activity, Who
from crm.plain import Plain, attributes, tidy
from crm.stackexchange.cells import number, number_or, time
from crm.stackexchange.site import Site, thread_of, touched

QUESTION, ANSWER = 1, 2
POSTS = {
    QUESTION: "question",
    ANSWER: "answer",
    3: "orphaned tag wiki",
    4: "tag wiki excerpt",
    5: "tag wiki",
    6: "moderator nomination",
    7: "wiki placeholder",
    8: "privilege wiki",
    9: "article",
    10: "help article",
    12: "collection",
    13: "moderator questionnaire",
    14: "announcement",
    15: "discussion",
    17: "collection",
}
PAGES = {QUESTION: "q/{}", ANSWER: "a/{}"}
TAGS = re.compile(r"[^<>|\s]+")
MENTION = re.compile(r"(?<![\w/.@])@(\w[\w.'’-]*)")
SHORTEST = 3
"""Letters of a name that suffice to mention somebody, after the site's own rule."""


class Body(Plain):
    """A post's words; where a link leads is put behind it, unless its text says so already."""

    def __init__(self) -> None:
        super().__init__()
        self.address, self.since = "", 0

    def open(self, tag: str, written: str) -> None:
        super().open(tag, written)
        if tag == "a" and written:
            address = attributes(written).get("href", "")
            self.address, self.since = (address if address.startswith("http") else ""), len(self.parts)

    def close(self, tag: str) -> None:
        if tag == "a" and self.address:
            text = "".join(self.parts[self.since :]).strip()
            if not text:
                self.parts.append(self.address)
            elif text.rstrip("/") not in self.address:
                self.parts.append(f" ({self.address})")
            self.address = ""
        super().close(tag)


def post(cells: dict[str, str], site: Site) -> Iterator[Activity]:
    """A row of Posts. `revision` is the time of the last edit, as edits are not counted there."""
    own, kind = number(cells, "Id"), number(cells, "PostTypeId")
    parent = number_or(cells, "ParentId", 0)
    edited = time(cells, "LastEditDate") if cells.get("LastEditDate") else None
    who, asker = site.who(cells, "Owner"), site.owner(site.posts.get(parent)) if parent else None
    yield site.activity(
        f"post:{own}",
        {QUESTION: "asked", ANSWER: "answered"}.get(kind, "posted"),
        POSTS.get(kind, f"post {kind}"),
        time(cells, "CreationDate"),
        who,
        whom=touched(who, (asker, "replied")),
        thread=f"post:{parent or own}",
        parent=f"post:{parent}" if parent else "",
        title="" if parent else cells.get("Title", "").strip(),
        text=words(cells),
        link=f"https://{site.host}/{PAGES.get(kind, 'posts/{}/revisions').format(own)}",
        revision=int(edited.timestamp()) if edited else 0,
        reactions=totals(cells),
        edited_at=edited,
    )


def words(cells: dict[str, str]) -> str:
    """What was written and, below it, the tags as the site writes them in a search: [brakes] [tools]."""
    tags = " ".join(f"[{tag}]" for tag in TAGS.findall(cells.get("Tags", "")))
    return f"{Body().read(cells.get('Body', ''))}\n\n{tags}".strip()


def totals(cells: dict[str, str]) -> dict[str, int]:
    """Points (up minus down) and how many keep it as a favourite."""
    found = {"score": number_or(cells, "Score", 0), "favorite": number_or(cells, "FavoriteCount", 0)}
    return {name: count for name, count in found.items() if count}


def comment(cells: dict[str, str], site: Site) -> Iterator[Activity]:
    """A row of Comments."""
    own, on = number(cells, "Id"), number(cells, "PostId")
    who, text, about = site.who(cells), tidy(cells.get("Text", "")), site.posts.get(on)
    owner, before = site.owner(about), site.commented.get(on) or ()
    named = mentioned(text, (*((owner,) if owner else ()), *before)) if "@" in text else []
    if who and who not in before:
        site.commented.put(on, (*before, who))
    yield site.activity(
        f"comment:{own}",
        "replied",
        "comment",
        time(cells, "CreationDate"),
        who,
        whom=touched(who, (owner, "replied"), *((one, "mentioned") for one in named)),
        thread=thread_of(about),
        parent=f"post:{on}",
        text=text,
        link=f"https://{site.host}/q/{on}#comment{own}_{on}",
        reactions=totals(cells),
    )


def mentioned(text: str, present: tuple[Who, ...]) -> list[Who]:
    """Those present whom a comment names; a name is written without its spaces and may be cut short."""
    names = [(who.name.replace(" ", "").casefold(), who) for who in reversed(present) if who.name]
    return [who for called in MENTION.findall(text) if (who := meant(called.casefold(), names))]


def meant(called: str, names: list[tuple[str, Who]]) -> Who | None:
    """Who is called so: the whole name before a part of one, the latest of several."""
    for short in (called.rstrip(".'’-"), re.split("['’]", called, maxsplit=1)[0]):
        for name, who in names:
            if name == short:
                return who
        for name, who in names:
            if len(short) >= SHORTEST and name.startswith(short):
                return who
    return None
