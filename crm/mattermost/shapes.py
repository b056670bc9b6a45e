"""Lines of Mattermost's bulk format and objects of its API; times are milliseconds since 1970, 0 where there is none.

Nothing here can refer to itself, so the garbage collector need not follow it (`gc=False`).
"""

import msgspec

ABSENT = msgspec.Raw(b"")


class Member(msgspec.Struct, gc=False):
    """An account. The bulk format knows it by `username` alone; the API has an `id`, and the date it was made."""

    username: str
    id: str | None = None
    email: str | None = None
    nickname: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    display_name: str | None = None
    create_at: int | None = None
    is_bot: bool | None = False


class Team(msgspec.Struct, gc=False):
    """A team; its `name` is part of addresses."""

    name: str
    id: str | None = None
    display_name: str | None = None


class Channel(msgspec.Struct, gc=False):
    """A channel. `type` is O for everybody, P private, D and G direct messages; `team` is a name, `team_id` the API's."""

    name: str
    id: str | None = None
    team: str | None = None
    team_id: str | None = None
    display_name: str | None = None
    type: str | None = None
    creator_id: str | None = None
    create_at: int | None = None


class Reaction(msgspec.Struct, gc=False):
    """A reaction with its time; `user` in the bulk format, `user_id` in the API."""

    emoji_name: str
    create_at: int | None = None
    user: str | None = None
    user_id: str | None = None


class Attachment(msgspec.Struct, gc=False):
    """A file that was sent along: its path in the export."""

    path: str | None = None


class Reply(msgspec.Struct, gc=False):
    """A reply of the bulk format; it stands within the post that it answers."""

    user: str
    create_at: int
    message: str | None = None
    type: str | None = None
    edit_at: int | None = None
    delete_at: int | None = None
    props: msgspec.Raw = ABSENT
    reactions: list[Reaction] | None = None
    attachments: list[Attachment] | None = None


class BulkPost(Reply, kw_only=True, gc=False):
    """A post of the bulk format with its replies, each still packed, so that one bad reply does not cost the others."""

    team: str
    channel: str
    replies: list[msgspec.Raw] | None = None


class Info(msgspec.Struct, gc=False):
    """Who made a bulk file, and when."""

    created: str | None = None


class Line(msgspec.Struct, gc=False):
    """A line of the bulk format: `type` names the field that is filled."""

    type: msgspec.Raw = ABSENT
    info: Info | None = None
    team: Team | None = None
    channel: Channel | None = None
    user: Member | None = None
    bot: Member | None = None
    post: BulkPost | None = None


class File(msgspec.Struct, gc=False):
    """A file that was sent along, as the API tells it."""

    name: str | None = None


class Metadata(msgspec.Struct, gc=False):
    """What the API adds to a post."""

    reactions: list[Reaction] | None = None
    files: list[File] | None = None


class Post(msgspec.Struct, gc=False):
    """A post of the API. `root_id` is the post that began its thread; `original_id` tells that it is a former wording."""

    id: str
    channel_id: str
    create_at: int
    user_id: str | None = None
    message: str | None = None
    type: str | None = None
    root_id: str | None = None
    parent_id: str | None = None
    original_id: str | None = None
    edit_at: int | None = None
    delete_at: int | None = None
    props: msgspec.Raw = ABSENT
    metadata: Metadata | None = None


class Box(msgspec.Struct, gc=False):
    """What an integration says beside or in place of a text."""

    pretext: str | None = None
    title: str | None = None
    title_link: str | None = None
    text: str | None = None
    fallback: str | None = None


class Props(msgspec.Struct, gc=False):
    """What matters of the properties that integrations and Mattermost itself hang on a post."""

    from_webhook: str | bool | None = None
    from_bot: str | bool | None = None
    override_username: str | None = None
    webhook_display_name: str | None = None
    added_user_id: str | None = msgspec.field(default=None, name="addedUserId")
    added_username: str | None = msgspec.field(default=None, name="addedUsername")
    removed_user_id: str | None = msgspec.field(default=None, name="removedUserId")
    removed_username: str | None = msgspec.field(default=None, name="removedUsername")
    new_header: str | None = None
    new_purpose: str | None = None
    new_displayname: str | None = None
    attachments: list[Box] | None = None


class Probe(msgspec.Struct, gc=False):
    """Enough of an object of the API to tell what it is."""

    posts: msgspec.Raw = ABSENT
    order: msgspec.Raw = ABSENT
    username: msgspec.Raw = ABSENT
    channel_id: msgspec.Raw = ABSENT
    create_at: msgspec.Raw = ABSENT
    display_name: msgspec.Raw = ABSENT
    team_id: msgspec.Raw = ABSENT
    status_code: msgspec.Raw = ABSENT
    message: str | None = None
