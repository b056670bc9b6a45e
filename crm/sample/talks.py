"""Conversations on the forum and in the chat: somebody opens, helpers answer, the opener goes on."""

from collections.abc import Iterator
from dataclasses import dataclass

from crm.activity import Activity, Place, Role, Whom
from crm.sample.people import Person
from crm.sample.scene import Scene, whom
from crm.sample.vocabulary import Talk


@dataclass(frozen=True)
class Stage:
    """How a platform calls things, and the minutes after which half of the answers have come."""

    source: str
    thread: str
    item: str
    opener: str
    minutes: float


FORUM = Stage("discourse", "topic", "post", "topic", 150)
CHAT = Stage("discord", "thread", "message", "message", 9)


@dataclass
class Conversation:
    """One thread as it grows."""

    scene: Scene
    stage: Stage
    talk: Talk
    thread: str
    slots: dict[str, str]
    place: Place
    opener: Activity

    def say(self, who: Person, to: Person, parent: Activity, text: str, kind: str, *roles: Role) -> Activity:
        scene, stage = self.scene, self.stage
        key = f"{stage.item}:{scene.next(stage.item)}"
        own = "post.answer" if kind == "answered" else stage.item
        return scene.act(
            stage.source,
            key,
            kind,
            own,
            scene.later(parent.at, who, stage.minutes),
            who,
            whom=whom(stage.source, to, *roles),
            place=self.place,
            thread=self.thread,
            parent=parent.key,
            text=text.format_map(self.slots),
            reactions=likes(scene, stage),
        )


def likes(scene: Scene, stage: Stage) -> dict[str, int]:
    """The forum tells totals only; reactions in the chat are acts of their own."""
    number = min(6, int(scene.rng.expovariate(1.1)))
    return {"like": number} if number and stage is FORUM else {}


def conversation(scene: Scene, stage: Stage, talks: list[Talk]) -> Iterator[Activity]:
    """A thread from its opening to its thanks."""
    starter = scene.starter(stage.source)
    fitting = [talk for talk in talks if starter and fits(scene, talk, starter)]
    if not starter or not fitting:
        return
    opened = opening(scene, stage, scene.rng.choice(fitting), starter)
    yield opened.opener
    yield from reacted(opened, opened.opener, starter, (starter,))
    answers = scene.rng.sample(opened.talk.answers, scene.rng.randint(0 if scene.rng.random() < 0.25 else 1, 2))
    best = scene.rng.randrange(len(answers)) if answers and scene.rng.random() < 0.62 else -1
    around: list[Person] = [starter]
    for turn, text in enumerate(answers):
        helper = scene.helper(stage.source, opened.talk.lang, tuple(around))
        if not helper:
            return
        yield from exchange(opened, starter, helper, text, accepted=turn == best)
        around.append(helper)


def fits(scene: Scene, talk: Talk, starter: Person) -> bool:
    """A question may come back, but nobody introduces themselves or shows the same thing twice."""
    fresh = talk.kind == "asked" or not talk.title or (starter.number, talk.title) not in scene.shown
    return fresh and talk.lang == starter.lang and talk.from_day <= scene.day - starter.joined <= talk.to_day


def opening(scene: Scene, stage: Stage, talk: Talk, starter: Person) -> Conversation:
    thread = f"{stage.thread}:{scene.next(stage.thread)}"
    slots, place = scene.slots(), scene.place(stage.source, talk.place)
    scene.shown.add((starter.number, talk.title))
    opener = scene.act(
        stage.source,
        f"{stage.item}:{scene.next(stage.item)}",
        talk.kind,
        stage.opener,
        scene.moment(starter),
        starter,
        place=place,
        thread=thread,
        title=talk.title.format_map(slots),
        text=talk.text.format_map(slots),
        reactions=likes(scene, stage),
    )
    return Conversation(scene, stage, talk, thread, slots, place, opener)


def exchange(opened: Conversation, starter: Person, helper: Person, text: str, accepted: bool) -> Iterator[Activity]:
    """One answer, and what the opener says to it."""
    scene, stage = opened.scene, opened.stage
    solved = accepted and opened.talk.kind == "asked"
    kind = "answered" if solved and stage is FORUM else "replied"
    answer = opened.say(helper, starter, opened.opener, text, kind, "replied")
    yield answer
    yield from reacted(opened, answer, helper, (helper,))
    if solved and stage is FORUM:
        yield solution(opened, answer, starter, helper)
    if solved and scene.rng.random() < 0.7:
        text = scene.rng.choice(scene.words.manners.thanks[opened.talk.lang])
        yield opened.say(starter, helper, answer, text, "replied", "replied", "thanked")
    elif scene.rng.random() < 0.3:
        yield opened.say(starter, helper, answer, scene.rng.choice(opened.talk.more), "replied", "replied")


def solution(opened: Conversation, answer: Activity, starter: Person, helper: Person) -> Activity:
    key = answer.key.replace(opened.stage.item, "solved")
    return opened.scene.act(
        opened.stage.source,
        key,
        "solved",
        "post.accepted_answer",
        answer.at,
        helper,
        precision="since",
        whom=whom(opened.stage.source, starter, "helped"),
        place=opened.place,
        thread=opened.thread,
        parent=answer.key,
    )


def reacted(opened: Conversation, message: Activity, writer: Person, without: tuple[Person, ...]) -> Iterator[Activity]:
    """In the chat one sees who liked it, but not when."""
    scene, source = opened.scene, opened.stage.source
    fan = scene.starter(source) if opened.stage is CHAT and scene.rng.random() < 0.3 else None
    if not fan or fan in without or scene.arrival(fan) > message.at:
        return
    yield scene.act(
        source,
        f"reaction:{message.key.partition(':')[2]}:{fan.accounts[source].uid}",
        "reacted",
        scene.rng.choice(("❤️", "👍", "🎉", "🙏")),
        message.at,
        fan,
        precision="since",
        whom=(Whom(writer.accounts[source], "reacted"),),
        place=opened.place,
        thread=opened.thread,
        parent=message.key,
    )
