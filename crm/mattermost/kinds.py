"""What Mattermost's own notices tell; they carry the act in their `type`, and a sentence in some language as their text."""

KINDS = {
    "system_join_channel": "joined",
    "system_guest_join_channel": "joined",
    "system_join_team": "joined",
    "system_leave_channel": "left",
    "system_leave_team": "left",
    "system_add_to_channel": "invited",
    "system_add_guest_to_chan": "invited",
    "system_add_to_team": "invited",
    "system_remove_from_channel": "moderated",
    "system_remove_from_team": "moderated",
    "system_header_change": "edited",
    "system_purpose_change": "edited",
    "system_displayname_change": "edited",
    "system_convert_channel": "moderated",
    "system_change_chan_privacy": "moderated",
    "system_move_channel": "moderated",
    "system_channel_deleted": "moderated",
    "system_channel_restored": "moderated",
}

OF_THE_REMOVED = "system_remove_from_team"
"""The one notice that is written in the name of whoever it happened to."""


def is_notice(kind: str) -> bool:
    """Whether a type of post is a notice of Mattermost itself."""
    return kind.startswith("system_") or kind == "reminder"
