"""What else happens in a community: people arrive, meet and leave, and at times somebody steps in."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from crm.activity import Activity, Place, Who, Whom
from crm.sample.people import PILLARS, Person
from crm.sample.scene import HOSTS, Scene
from crm.sample.vocabulary import Meetup

FORUM, CHAT = "discourse", "discord"
EVERY = 30
"""Days from one gathering to the next."""


def arrivals(scene: Scene) -> Iterator[Activity]:
    """Each new account on the forum or in the chat; on the code platform nobody joins anything."""
    for person, _ in scene.present:
        for source in (FORUM, CHAT) if person.joined == scene.day else ():
            if source in person.accounts:
                key = f"joined:{person.accounts[source].uid}"
                yield scene.act(source, key, "joined", "member.joined", scene.arrival(person), person)


def departures(scene: Scene) -> Iterator[Activity]:
    """Some of those who have faded leave the chat for good; most just fall silent."""
    for person in scene.people:
        if person.joined + person.stay == scene.day and CHAT in person.accounts and scene.rng.random() < 0.3:
            key = f"left:{person.accounts[CHAT].uid}"
            yield scene.act(CHAT, key, "left", "member.left", scene.moment(person) + timedelta(days=1), person)


def gathering(scene: Scene) -> Iterator[Activity]:
    """Once a month an invitation on the forum, ten days later those who came."""
    host = scene.one(FORUM, lambda one: float(one.sort is PILLARS)) if scene.day % EVERY == 12 else None
    if not host:
        return
    meetups = scene.words.manners.meetup
    meetup = meetups[scene.day // EVERY % len(meetups)]
    slots, thread = scene.slots(), f"topic:{scene.next('topic')}"
    invitation = scene.act(
        FORUM,
        f"post:{scene.next('post')}",
        "posted",
        "topic",
        scene.moment(host),
        host,
        place=scene.place(FORUM, "events"),
        thread=thread,
        title=meetup.title.format_map(slots),
        text=meetup.text.format_map(slots),
    )
    yield invitation
    yield from attendance(scene, meetup, invitation)


def attendance(scene: Scene, meetup: Meetup, invitation: Activity) -> Iterator[Activity]:
    day = scene.start + timedelta(days=scene.day + 10)
    begin = day.replace(hour=8) if meetup.key == "online" else day.replace(hour=11)
    place = Place(f"meetup:{meetup.key}", meetup.place, f"https://{HOSTS[FORUM]}/meetup/{meetup.key}")
    able = [one for one, _ in scene.present if FORUM in one.accounts and near(one, meetup)]
    for person in scene.rng.sample(able, min(len(able), scene.rng.randint(9, 22))):
        yield scene.act(
            FORUM,
            f"attended:{invitation.key.partition(':')[2]}:{person.accounts[FORUM].uid}",
            "attended",
            "event.attended",
            begin,
            person,
            place=place,
            thread=invitation.thread,
            parent=invitation.key,
            precision="day",
        )


def near(person: Person, meetup: Meetup) -> bool:
    """Who can come: online anybody; else those of the city, half of the Vietnamese in each."""
    if meetup.key == "online":
        return True
    return person.lang == meetup.lang and person.number % 2 == (meetup.key == "ha-noi")


def spam(scene: Scene) -> Iterator[Activity]:
    """An account that only sells something is hidden within the hour, and the topic closed."""
    guard = scene.one(FORUM, lambda one: float(one.sort is PILLARS)) if scene.rng.random() < 0.04 else None
    if not guard:
        return
    lang, number = scene.rng.choice(("vi", "en")), scene.next("topic")
    seller = Who(str(9_000 + number), f"promo{number}", "")
    at = scene.moment(guard)
    post = Activity(
        source=FORUM,
        host=HOSTS[FORUM],
        key=f"post:{scene.next('post')}",
        kind="posted",
        own_kind="topic",
        at=at,
        who=seller,
        place=scene.place(FORUM, "help" if lang == "en" else "tro-giup"),
        thread=f"topic:{number}",
        title="Hot deal" if lang == "en" else "Ưu đãi lớn",
        text=scene.rng.choice(scene.words.manners.spam[lang]),
        removed=True,
    )
    yield post
    for step, own in enumerate(("post.hidden", "closed.enabled")):
        yield moderation(scene, guard, post, own, at + timedelta(minutes=scene.rng.randint(4, 50) + step))


def moderation(scene: Scene, guard: Person, post: Activity, own: str, at: datetime) -> Activity:
    touched = (Whom(post.who, "moderated"),) if post.who else ()
    return scene.act(
        FORUM,
        f"post:{scene.next('post')}",
        "moderated",
        own,
        at,
        guard,
        whom=touched,
        place=post.place,
        thread=post.thread,
        parent=post.key,
    )
