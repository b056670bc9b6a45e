"""A document opened: its posts laid out, whatever wrapper they came in, with a sentence for each bad one."""

import msgspec

from crm.activity import Refused
from crm.discourse.questions import is_question
from crm.discourse.shapes import ABSENT, Post, Probe, Stream, Topic
from crm.reading import Row, decode

NO_POSTS = "This document holds no posts. Kith reads topics (/t/ID.json) and posts (/posts/ID.json) of Discourse."
PRIVATE = "This is a private conversation, and Kith leaves those out."


class Sheet(msgspec.Struct):
    """One document. `row` keeps only the start of its bytes; `topic` is None where posts come alone."""

    row: Row
    posts: list[Post]
    spoiled: list[Refused]
    topic: Topic | None = None
    host: str = ""


def _posts(row: Row, packed: list[msgspec.Raw], topic: Topic | None = None) -> Sheet:
    sheet = Sheet(msgspec.structs.replace(row, raw=row.raw[:400]), [], [], topic)
    for raw in packed:
        post = decode(Row(row.file, row.line, bytes(raw)), Post)
        if isinstance(post, Refused):
            sheet.spoiled.append(post)
        else:
            sheet.posts.append(post)
    return sheet


def _topic(row: Row) -> Sheet | Refused:
    topic = decode(row, Topic)
    if isinstance(topic, Refused):
        return topic
    stream, topic.post_stream = topic.post_stream or Stream(), None
    if topic.archetype == "private_message":
        return row.refuse(PRIVATE)
    if not stream.posts:
        return row.refuse(NO_POSTS)
    sheet = _posts(row, stream.posts, topic)
    topic.asked = is_question(topic, sheet.posts)
    return sheet


def open_row(row: Row) -> Sheet | Refused:
    """Lay out the posts of a document; a document of another kind is refused with what Kith reads instead."""
    probe = decode(row, Probe)
    if isinstance(probe, Refused):
        return probe
    if probe.post_stream != ABSENT:
        return _topic(row)
    if probe.latest_posts != ABSENT:
        latest = decode(msgspec.structs.replace(row, raw=bytes(probe.latest_posts)), list[msgspec.Raw])
        return latest if isinstance(latest, Refused) else _posts(row, latest)
    if probe.topic != ABSENT:
        return open_row(msgspec.structs.replace(row, raw=bytes(probe.topic)))
    if probe.post != ABSENT:
        return _posts(row, [probe.post])
    if probe.post_number != ABSENT and probe.topic_id != ABSENT and (probe.cooked != ABSENT or probe.raw != ABSENT):
        return _posts(row, [msgspec.Raw(row.raw)])
    return row.refuse(NO_POSTS)


def topic_of(post: Post) -> Topic:
    """What a post tells of its topic when it comes alone."""
    topic = Topic(
        id=post.topic_id,
        title=post.topic_title,
        slug=post.topic_slug,
        archetype=post.topic_archetype,
        category_id=post.category_id,
        category_slug=post.category_slug,
        category_name=post.category_name,
    )
    topic.asked = is_question(topic, [post])
    return topic
