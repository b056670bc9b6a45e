"""Discord's messages of its own tell what somebody did; its numbers for them outlive the names that exporters give."""

from crm.discord.shapes import Id

NAMES = {
    "0": "Default",
    "1": "RecipientAdd",
    "2": "RecipientRemove",
    "3": "Call",
    "4": "ChannelNameChange",
    "5": "ChannelIconChange",
    "6": "ChannelPinnedMessage",
    "7": "GuildMemberJoin",
    "8": "GuildBoost",
    "9": "GuildBoostTier1",
    "10": "GuildBoostTier2",
    "11": "GuildBoostTier3",
    "12": "ChannelFollowAdd",
    "14": "GuildDiscoveryDisqualified",
    "15": "GuildDiscoveryRequalified",
    "16": "GuildDiscoveryGracePeriodInitialWarning",
    "17": "GuildDiscoveryGracePeriodFinalWarning",
    "18": "ThreadCreated",
    "19": "Reply",
    "20": "ChatInputCommand",
    "21": "ThreadStarterMessage",
    "22": "GuildInviteReminder",
    "23": "ContextMenuCommand",
    "24": "AutoModerationAction",
    "25": "RoleSubscriptionPurchase",
    "26": "InteractionPremiumUpsell",
    "27": "StageStart",
    "28": "StageEnd",
    "29": "StageSpeaker",
    "31": "StageTopic",
    "46": "PollResult",
}
"""Discord's message types (API reference, “Message Types”), by the names that the exporter gives or would give."""

SPEECH = frozenset({"Default", "Reply", "ChatInputCommand", "ContextMenuCommand"})

ACTS = {
    "GuildMemberJoin": "joined",
    "UserJoin": "joined",
    "RecipientAdd": "invited",
    "RecipientRemove": "moderated",
    "ChannelPinnedMessage": "moderated",
    "AutoModerationAction": "moderated",
    "ChannelNameChange": "edited",
    "ChannelIconChange": "edited",
    "StageTopic": "edited",
    "ThreadCreated": "created",
    "StageStart": "hosted",
    "StageSpeaker": "spoke",
}
"""What other messages tell of; those that stand neither here nor in `NOBODYS` are “did”."""

NOBODYS = frozenset(NAMES[number] for number in ("14", "15", "16", "17", "21", "22", "26", "46"))
"""Notices of Discord itself, and the copy of a message with which a thread begins."""

SENTENCES = {
    "Joined the server.": "GuildMemberJoin",
    "Pinned a message.": "ChannelPinnedMessage",
    "Started a thread.": "ThreadCreated",
    "Changed the channel name.": "ChannelNameChange",
    "Changed the channel icon.": "ChannelIconChange",
    "Added a recipient.": "RecipientAdd",
    "Removed a recipient.": "RecipientRemove",
}
"""The exporter's own words where Discord has none; in a table they are all that tells such a message from speech."""


def named(written: Id | None) -> str:
    """A type of message by its name; a number that nobody knows stays one."""
    return NAMES.get(str(written), str(written)) if written is not None else "Default"
