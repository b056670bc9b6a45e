"""What Discourse answers to `/t/ID.json` and `/posts/ID.json`, and the wrappers that posts also travel in.

Only what Kith reads is named. `suggested_topics` is left out on purpose: it names people who took no part.
Nothing here can refer to itself, so the garbage collector need not follow it (`gc=False`).
"""

import msgspec

ABSENT = msgspec.Raw(b"")


class Poster(msgspec.Struct, gc=False):
    """An account as it is named beside a post; `id` is not always told."""

    username: str
    id: int | None = None
    name: str | None = None
    avatar_template: str | None = None


class Action(msgspec.Struct, gc=False):
    """How often something was done to a post; kind 2 is a like."""

    id: int
    count: int | None = 0


class Reaction(msgspec.Struct, gc=False):
    """A total of the reactions plugin; `id` is the emoji's name."""

    id: str
    count: int = 0


class Post(msgspec.Struct, gc=False):
    """One post. `post_type` is 1 speech, 2 speech in staff colour, 3 a small action, 4 a staff whisper."""

    id: int
    topic_id: int
    post_number: int
    created_at: str
    username: str = ""
    user_id: int | None = None
    name: str | None = None
    avatar_template: str | None = None
    updated_at: str | None = None
    cooked: str | None = None
    raw: object = None
    post_type: int = 1
    reply_to_post_number: int | None = None
    reply_to_user: Poster | None = None
    version: int = 1
    hidden: bool | None = False
    cooked_hidden: bool | None = False
    deleted_at: str | None = None
    user_deleted: bool | None = False
    accepted_answer: bool | None = False
    can_accept_answer: bool | None = False
    action_code: str | None = None
    action_code_who: str | None = None
    actions_summary: list[Action] | None = None
    reactions: list[Reaction] | None = None
    topic_slug: str | None = None
    topic_title: str | None = None
    topic_archetype: str | None = None
    category_id: int | None = None
    category_slug: str | None = None
    category_name: str | None = None


class Stream(msgspec.Struct, gc=False):
    """The posts of a topic, still packed, so that one bad post does not cost the others."""

    posts: list[msgspec.Raw] = []


class Details(msgspec.Struct, gc=False):
    """Who took part in a topic."""

    created_by: Poster | None = None
    last_poster: Poster | None = None
    participants: list[Poster] = []


class Topic(msgspec.Struct, gc=False):
    """What the posts of a topic share. `asked` is found out by reading it, see `crm.discourse.questions`."""

    id: int
    title: str | None = ""
    slug: str | None = ""
    archetype: str | None = "regular"
    category_id: int | None = None
    category_slug: str | None = None
    category_name: str | None = None
    accepted_answer: object = None
    post_stream: Stream | None = None
    details: Details | None = None
    asked: bool = False


class Probe(msgspec.Struct, gc=False):
    """Enough of any document to tell what it is."""

    post_stream: msgspec.Raw = ABSENT
    latest_posts: msgspec.Raw = ABSENT
    post: msgspec.Raw = ABSENT
    topic: msgspec.Raw = ABSENT
    post_number: msgspec.Raw = ABSENT
    topic_id: msgspec.Raw = ABSENT
    cooked: msgspec.Raw = ABSENT
    raw: msgspec.Raw = ABSENT
