"""One post told as what somebody did, to whom and where."""

from collections.abc import Iterator

from crm.activity import Activity, Place, Role, Who, Whom
from crm.discourse.forum import Forum
from crm.discourse.shapes import Post, Topic
from crm.discourse.words import Words, own_raw, read_cooked
from crm.moments import moment

LIKE = 2
MAIN_REACTIONS = ("heart", "+1")
STAFF_KINDS = {2: "moderator_post", 3: "small_action", 4: "whisper"}


def kind_of(post: Post, topic: Topic) -> tuple[str, str]:
    """Kith's word and the forum's own."""
    if post.post_type in STAFF_KINDS:
        return "moderated", post.action_code or STAFF_KINDS[post.post_type]
    if post.post_number == 1:
        return ("asked" if topic.asked else "posted"), "topic"
    return ("answered", "post.answer") if post.accepted_answer else ("replied", "post")


def words_of(post: Post) -> Words:
    """The post's words; without text where the forum shows its own notice instead of what was written."""
    words = read_cooked(post.cooked or "")
    if post.cooked_hidden or post.user_deleted:
        return words._replace(text="")
    return words._replace(text=own_raw(post.raw)) if isinstance(post.raw, str) else words


def answered(post: Post, topic: Topic, forum: Forum) -> Who | None:
    """Whom a reply answers: the writer of the post it names, else of the topic."""
    if known := forum.post(post.topic_id, post.reply_to_post_number or 1):
        return known.who
    if post.reply_to_post_number:
        return forum.named(post.reply_to_user.username) if post.reply_to_user else None
    opener = topic.details and topic.details.created_by
    return forum.named(opener.username) if opener else None


def touched(post: Post, topic: Topic, words: Words, forum: Forum) -> tuple[Whom, ...]:
    """Everybody the post reaches, each once in each role, its writer left out."""
    reached: list[tuple[Who | None, Role]] = []
    if post.post_type == 3:
        reached.append((forum.named(post.action_code_who or ""), "moderated"))
    elif post.post_number > 1:
        reached.append((answered(post, topic, forum), "replied"))
    for quote in words.quotes:
        known = forum.post(quote.topic, quote.number)
        reached.append((forum.named(quote.username) or (known.who if known else None), "quoted"))
    reached += ((forum.named(login), "mentioned") for login in words.mentions)
    met = {(who.uid, role): Whom(who, role) for who, role in reached if who and who.uid != str(post.user_id)}
    return tuple(met.values())


def reactions_of(post: Post) -> dict[str, int]:
    """Likes as `like`; other reactions by their emoji, without the one that is also counted as a like."""
    likes = sum(action.count or 0 for action in post.actions_summary or () if action.id == LIKE)
    found = {reaction.id: reaction.count for reaction in post.reactions or () if reaction.count > 0}
    if likes:
        main = next((name for name in MAIN_REACTIONS if found.get(name) == likes), "")
        found.pop(main, None)
        found["like"] = likes
    return found


def place_of(topic: Topic, host: str) -> Place | None:
    """The category, by its name where a document gives it."""
    if topic.category_id is None:
        return None
    slug = topic.category_slug
    name = topic.category_name or slug or f"Category {topic.category_id}"
    link = f"https://{host}/c/{slug}/{topic.category_id}" if slug else f"https://{host}/c/{topic.category_id}"
    return Place(str(topic.category_id), name, link)


def parent_of(post: Post, forum: Forum) -> str:
    """The key of the post that this one answers, as far as it is known."""
    known = forum.post(post.topic_id, post.reply_to_post_number or 1) if post.post_number > 1 else None
    return f"post:{known.post}" if known and known.post != post.id else ""


def told(post: Post, topic: Topic, forum: Forum) -> Iterator[Activity]:
    """The post as an activity, and a second one for an accepted answer. ValueError if its time can't be.

    When an answer was accepted is not told; it was not before it was written.
    """
    at = moment(post.created_at)
    words, known = words_of(post), forum.post(post.topic_id, post.post_number)
    kind, own_kind = kind_of(post, topic)
    slug = topic.slug or post.topic_slug or "-"
    act = Activity(
        source="discourse",
        host=forum.host,
        key=f"post:{post.id}",
        kind=kind,
        own_kind=own_kind,
        at=at,
        who=known.who if known else forum.writer(post),
        whom=touched(post, topic, words, forum),
        place=place_of(topic, forum.host),
        thread=f"topic:{post.topic_id}",
        parent=parent_of(post, forum),
        title=(topic.title or "") if post.post_number == 1 else "",
        text=words.text,
        link=f"https://{forum.host}/t/{slug}/{post.topic_id}/{post.post_number}",
        revision=post.version,
        reactions=reactions_of(post),
        edited_at=moment(post.updated_at) if post.version > 1 and post.updated_at else None,
        removed=bool(post.hidden or post.deleted_at or post.user_deleted),
    )
    yield act
    if post.accepted_answer:
        yield solved(act, post, topic, forum)


def solved(act: Activity, post: Post, topic: Topic, forum: Forum) -> Activity:
    """That an answer was accepted, to the credit of who wrote it and for who had asked."""
    opener = forum.post(post.topic_id, 1)
    asker = opener.who if opener else None
    helped = (Whom(asker, "helped"),) if asker and asker.uid != str(post.user_id) else ()
    return Activity(
        source=act.source,
        host=act.host,
        key=f"solved:{post.id}",
        kind="solved",
        own_kind="post.accepted_answer",
        at=act.at,
        precision="since",
        who=act.who,
        whom=helped,
        place=act.place,
        thread=act.thread,
        parent=act.key,
        link=act.link,
        removed=act.removed,
    )
