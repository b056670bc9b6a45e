"""Work on the program: faults reported and closed, changes proposed, reviewed and merged, releases, stars."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Unpack

from crm.activity import Activity, Place, Who
from crm.sample.people import PILLARS, Person
from crm.sample.scene import HOSTS, RELEASE_DAYS, More, Scene, whom

GITHUB = "github"
REPOSITORY = Place("song-hong/sen", "song-hong/sen", f"https://{HOSTS[GITHUB]}/song-hong/sen")
BOT = Who("4099999", "sen-ci[bot]", bot=True)


class Thread:
    """One issue or change: what is said on it shares its place and number."""

    def __init__(self, scene: Scene, word: str) -> None:
        self.scene = scene
        self.key = f"{word}:{scene.next('code')}"

    def act(self, key: str, kind: str, own: str, at: datetime, who: Person, **more: Unpack[More]) -> Activity:
        return self.scene.act(GITHUB, key, kind, own, at, who, **({"place": REPOSITORY, "thread": self.key} | more))

    def answer(self, kind: str, own: str, who: Person, after: Activity, **more: Unpack[More]) -> Activity:
        """What somebody does on it a while after something else."""
        key, at = f"{own}:{self.scene.next('comment')}", self.scene.later(after.at, who, 400)
        return self.act(key, kind, own, at, who, **({"parent": self.key} | more))


def master(scene: Scene, without: tuple[Person, ...] = ()) -> Person | None:
    """One of the pillars who look after the program."""
    return scene.one(GITHUB, lambda one: float(one.sort is PILLARS), without)


def issue(scene: Scene) -> Iterator[Activity]:
    """A fault, labelled by the bot, talked about, and most often closed in the end."""
    reporter = scene.starter(GITHUB)
    if not reporter:
        return
    thread, template, slots = Thread(scene, "issue"), scene.rng.choice(scene.words.issue), scene.slots()
    title, text = template.title.format_map(slots), template.text.format_map(slots)
    opened = last = thread.act(thread.key, "posted", "issue", scene.moment(reporter), reporter, title=title, text=text)
    yield opened
    yield labelled(thread, opened)
    for text in scene.rng.sample(template.answers, scene.rng.randint(0, 2)):
        if helper := scene.helper(GITHUB, "en", (reporter,)):
            touched = whom(GITHUB, reporter, "replied")
            last = thread.answer("replied", "comment", helper, last, whom=touched, text=text.format_map(slots))
            yield last
    closer = master(scene)
    if closer and scene.rng.random() < 0.7:
        yield thread.answer("closed", "closed", closer, last)


def labelled(thread: Thread, opened: Activity) -> Activity:
    return Activity(
        source=GITHUB,
        host=HOSTS[GITHUB],
        key=f"labelled:{thread.key.partition(':')[2]}",
        kind="labelled",
        own_kind="labelled",
        at=thread.scene.later(opened.at, thread.scene.people[0], 1),
        who=BOT,
        place=REPOSITORY,
        thread=thread.key,
        parent=thread.key,
        link=opened.link,
    )


def change(scene: Scene) -> Iterator[Activity]:
    """A change, reviewed once or twice; most are merged and become a commit."""
    author = scene.one(GITHUB, lambda one: one.sort.skill + 0.3)
    if not author:
        return
    thread, template, slots = Thread(scene, "pull"), scene.rng.choice(scene.words.change), scene.slots()
    title, text = template.title.format_map(slots), template.text.format_map(slots)
    at = scene.moment(author)
    last = thread.act(thread.key, "proposed", "pull_request", at, author, title=title, text=text)
    yield last
    for words in scene.rng.sample(template.reviews, scene.rng.randint(1, 2)):
        if reviewer := scene.helper(GITHUB, "en", (author,)):
            touched = whom(GITHUB, author, "reviewed")
            last = thread.answer("reviewed", "review", reviewer, last, whom=touched, text=words.format_map(slots))
            yield last
    if (merger := master(scene, (author,))) and scene.rng.random() < 0.8:
        merged = thread.answer("merged", "merged", merger, last, whom=whom(GITHUB, author, "merged"))
        yield merged
        digest = hashlib.sha1(f"{thread.key} {title}".encode(), usedforsecurity=False).hexdigest()
        yield scene.act(
            GITHUB,
            f"commit:{digest}",
            "contributed",
            "commit",
            merged.at,
            author,
            place=REPOSITORY,
            title=title,
        )


def release(scene: Scene) -> Iterator[Activity]:
    """Every six weeks one of the pillars publishes a version."""
    publisher = master(scene) if scene.day and scene.day % RELEASE_DAYS == 0 else None
    if publisher:
        key, title = f"release:{scene.version()}", f"Sen {scene.version()}"
        at = scene.moment(publisher)
        yield scene.act(GITHUB, key, "published", "release", at, publisher, place=REPOSITORY, thread=key, title=title)


def star(scene: Scene) -> Iterator[Activity]:
    """Who is new among the developers gives a star, and some make a copy to work on."""
    for person, _ in scene.present:
        if person.joined != scene.day or GITHUB not in person.accounts:
            continue
        uid, at = person.accounts[GITHUB].uid, scene.moment(person)
        yield scene.act(GITHUB, f"star:{uid}", "starred", "watch", at, person, place=REPOSITORY)
        if scene.rng.random() < 0.4:
            yield scene.act(GITHUB, f"fork:{uid}", "forked", "fork", at, person, place=REPOSITORY)
