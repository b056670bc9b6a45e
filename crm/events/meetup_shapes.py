"""What Meetup answers, as far as Kith reads it: fields of REST (underscores) and of GraphQL (capitals) side by side."""

import msgspec

Number = str | int


class Photo(msgspec.Struct, gc=False):
    highres_link: str | None = None
    photo_link: str | None = None
    source: str | None = None


class Member(msgspec.Struct, gc=False):
    """A member; GraphQL wraps a host's member once more, or gives its number alone."""

    id: Number | None = None
    member_id: Number | None = msgspec.field(default=None, name="memberId")
    name: str | None = None
    email: str | None = None
    photo: Photo | None = None
    member_photo: Photo | None = msgspec.field(default=None, name="memberPhoto")

    @property
    def number(self) -> str:
        return str(self.id if self.id is not None else self.member_id if self.member_id is not None else "")


class HostOf(msgspec.Struct, gc=False):
    """A host as a member, or with the member inside."""

    id: Number | None = None
    member_id: Number | None = msgspec.field(default=None, name="memberId")
    name: str | None = None
    photo: Photo | None = None
    member: Member | None = None

    @property
    def whole(self) -> Member:
        inner = self.member or Member()
        return Member(
            inner.id if inner.id is not None else self.id,
            self.member_id,
            inner.name or self.name,
            inner.email,
            inner.photo or self.photo,
            inner.member_photo,
        )


class Total(msgspec.Struct, gc=False):
    total_count: int | None = msgspec.field(default=None, name="totalCount")


class Group(msgspec.Struct, gc=False):
    """A group or chapter."""

    id: Number | None = None
    name: str | None = None
    urlname: str | None = None
    description: str | None = None
    created: Number | None = None
    founded_date: str | None = msgspec.field(default=None, name="foundedDate")
    members: object = None
    memberships: Total | None = None
    organizer: Member | None = None


class Comment(msgspec.Struct, gc=False):
    """Something said about a gathering."""

    id: Number
    created: Number | None = None
    member: Member | None = None
    comment: str | None = None
    text: str | None = None
    link: str | None = None
    like_count: int | None = None
    in_reply_to: Number | None = None


class Named(msgspec.Struct, gc=False):
    """A gathering as its answers name it."""

    id: Number
    time: Number | None = None
    date_time: str | None = msgspec.field(default=None, name="dateTime")
    event_url: str | None = msgspec.field(default=None, name="eventUrl")
    group: Group | None = None

    @property
    def start(self) -> Number | None:
        return self.time or self.date_time

    @property
    def link(self) -> str:
        return self.event_url or ""


class Answer(msgspec.Struct, gc=False):
    """What a member answered to a gathering."""

    member: Member | None = None
    response: str | None = None
    status: str | None = None
    created: Number | None = None
    updated: Number | None = None
    guests: int | None = None
    event: Named | None = None
    group: Group | None = None


class Node(msgspec.Struct, gc=False):
    node: Answer | None = None


class Count(msgspec.Struct, gc=False):
    """The answers as GraphQL gives them: counts, and persons where they were asked for."""

    yes_count: int | None = msgspec.field(default=None, name="yesCount")
    waitlist_count: int | None = msgspec.field(default=None, name="waitlistCount")
    total_count: int | None = msgspec.field(default=None, name="totalCount")
    edges: list[Node] | None = None


class Event(msgspec.Struct, gc=False):
    """A gathering of either interface; archives of Perceval add the answers and comments to that of the old one."""

    id: Number
    title: str | None = None
    name: str | None = None
    description: str | None = None
    plain_text_description: str | None = None
    status: str | None = None
    time: Number | None = None
    date_time: str | None = msgspec.field(default=None, name="dateTime")
    old_created: Number | None = msgspec.field(default=None, name="created")
    created_time: str | None = msgspec.field(default=None, name="createdTime")
    updated: Number | None = None
    old_link: str | None = msgspec.field(default=None, name="link")
    event_url: str | None = msgspec.field(default=None, name="eventUrl")
    event_hosts: list[Member] | None = None
    host_list: list[HostOf] | None = msgspec.field(default=None, name="eventHosts")
    group: Group | None = None
    rsvps: Count | list[Answer] | None = None
    comments: list[Comment] | None = None
    going: Count | int | None = None
    yes_rsvp_count: int | None = None
    waitlist_count: int | None = None
    manual_attendance_count: int | None = None

    @property
    def start(self) -> Number | None:
        return self.time or self.date_time

    @property
    def created(self) -> Number | None:
        return self.old_created or self.created_time

    @property
    def link(self) -> str:
        return self.event_url or self.old_link or ""

    @property
    def hosts(self) -> list[Member]:
        return [*(self.event_hosts or []), *(host.whole for host in self.host_list or [])]

    @property
    def answers(self) -> list[Answer]:
        if isinstance(self.rsvps, list):
            return self.rsvps
        return [edge.node for edge in (self.rsvps.edges if self.rsvps else None) or [] if edge.node]

    @property
    def talk(self) -> list[Comment]:
        return self.comments or []
