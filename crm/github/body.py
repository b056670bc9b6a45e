"""The body of a webhook: what an archive event carries, and beside it who did it, where, and what only hooks tell of."""

import msgspec

from crm.github.shapes import Account, Moment, Payload, Repository


class Organisation(msgspec.Struct):
    """An organisation, by its login; its address at the API tells which GitHub it is on."""

    id: int
    login: str
    url: str | None = None


class Team(msgspec.Struct):
    id: int
    name: str = ""
    html_url: str | None = None


class Membership(msgspec.Struct):
    """How somebody belongs to an organisation."""

    user: Account | None = None


class Sponsorship(msgspec.Struct):
    """Money for somebody's work; some want it to be known and some do not. `id` is GitHub's node id."""

    id: str = msgspec.field(name="node_id", default="")
    created_at: Moment | None = None
    sponsorable: Account | None = None
    sponsor: Account | None = None
    privacy_level: str = ""


class Body(Payload, kw_only=True):
    """A payload as it is posted. `user` is whom an organisation invites, where it is no stranger with an address only."""

    repository: Repository | None = None
    organization: Organisation | None = None
    sender: Account | None = None
    starred_at: Moment | None = None
    blocked_user: Account | None = None
    membership: Membership | None = None
    user: Account | None = None
    team: Team | None = None
    sponsorship: Sponsorship | None = None
