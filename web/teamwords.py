"""The sentences in which the acts of the team are told: one for each way in which something can change."""

from crm.kinds import _

ITEMS: dict[str, tuple[str, str, str]] = {
    "note": (_("{by} noted"), _("{by} changed a note"), _("{by} removed a note")),
    "task": (_("{by} added a task"), _("{by} changed a task"), _("{by} removed a task")),
    "promise": (_("{by} promised something"), _("{by} changed a promise"), _("{by} removed a promise")),
    "call": (_("{by} had a call with them"), _("{by} changed what was said of a call"), _("{by} removed a call")),
    "meeting": (_("{by} met them"), _("{by} changed what was said of a meeting"), _("{by} removed a meeting")),
    "message": (_("{by} wrote to them"), _("{by} changed what was said of a message"), _("{by} removed a message")),
    "gift": (_("{by} sent a gift"), _("{by} changed what was said of a gift"), _("{by} removed a gift")),
}
"""Of each kind of item how its first writing, a later one and its removal are told."""

PICTURES = {
    "note": "pencil",
    "task": "check",
    "promise": "handshake",
    "call": "phone-call",
    "meeting": "users",
    "message": "mail",
    "gift": "heart",
}

TOLD: dict[str, tuple[str, str, str]] = {
    "member.tagged": (_("{by} gave the tag {tag}"),) * 3,
    "member.untagged": (_("{by} took off the tag {tag}"),) * 3,
    "member.stage_moved": (
        _("{by} set the stage to {new}"),
        _("{by} moved the stage from {old} to {new}"),
        _("{by} took off the stage, which was {old}"),
    ),
    "member.owner_given": (
        _("{by} asked {new} to look after this member"),
        _("{by} handed this member over from {old} to {new}"),
        _("{by} said that nobody looks after this member; before it was {old}"),
    ),
    "member.side_set": (
        _("{by} said what they are: {new}"),
        _("{by} said what they are: {new}, no longer {old}"),
        _("{by} let the sources say what they are, no longer {old}"),
    ),
    "member.field_set": (
        _("{by} wrote down {field}: {new}"),
        _("{by} changed {field} from {old} to {new}"),
        _("{by} emptied {field}, which was {old}"),
    ),
    "member.affiliated": (
        _("{by} said that they belong to {new}"),
        _("{by} changed where they belong, from {old} to {new}"),
        _("{by} said that they do not belong to {old}"),
    ),
    "rhythm.set": (
        _("{by} set how often to keep in touch: every {new} days"),
        _("{by} changed how often to keep in touch from every {old} to every {new} days"),
        _("{by} let stage and tags say how often to keep in touch, no longer every {old} days"),
    ),
    "watch.set": (_("{by} began to watch this member"),) * 2 + (_("{by} watches this member no longer"),),
    "member.level_set": (
        _("{by} set the level by hand: {new}"),
        _("{by} changed the level from {old} to {new}"),
        _("{by} let the points say the level, no longer {old}"),
    ),
    "member.audience_observed": (
        _("{by} wrote down how many follow them: {new}"),
        _("{by} changed how many follow them from {old} to {new}"),
        _("{by} took away how many follow them, which was {old}"),
    ),
    "item.done": (_("{by} did what was to be done"),) * 2 + (_("{by} said that it is not done after all"),),
    "members.merged": (_("{by} found {first} and {second} to be one person"),) * 3,
    "identity.moved": (_("{by} moved the account {first} to {second}"),) * 3,
    "member.split": (_("{by} split the account {second} off {first}"),) * 3,
    "members.kept_apart": (_("{by} found {first} and {second} to be different people"),) * 3,
}
"""Of each act how it is told where nothing stood before, where something did, and where it takes away what did."""
