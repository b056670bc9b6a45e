"""Discord numbers the acts in its audit log (API reference, “Audit Log Events”); people read words."""

NAMES = {
    1: "server update", 10: "channel create", 11: "channel update", 12: "channel delete",
    13: "channel permission create", 14: "channel permission update", 15: "channel permission delete",
    20: "kick", 21: "prune", 22: "ban", 23: "unban", 24: "member update", 25: "member role update",
    26: "member move", 27: "member disconnect", 28: "bot add",
    30: "role create", 31: "role update", 32: "role delete",
    40: "invite create", 41: "invite update", 42: "invite delete",
    50: "webhook create", 51: "webhook update", 52: "webhook delete",
    60: "emoji create", 61: "emoji update", 62: "emoji delete",
    72: "message delete", 73: "message bulk delete", 74: "message pin", 75: "message unpin",
    80: "integration create", 81: "integration update", 82: "integration delete",
    83: "stage create", 84: "stage update", 85: "stage delete",
    90: "sticker create", 91: "sticker update", 92: "sticker delete",
    100: "event create", 101: "event update", 102: "event delete",
    110: "thread create", 111: "thread update", 112: "thread delete",
    121: "command permission update",
    130: "soundboard sound create", 131: "soundboard sound update", 132: "soundboard sound delete",
    140: "automatic rule create", 141: "automatic rule update", 142: "automatic rule delete",
    143: "automatic message block", 144: "automatic flag", 145: "automatic timeout", 146: "automatic quarantine",
    150: "creator request", 151: "creator terms",
    163: "onboarding question create", 164: "onboarding question update", 165: "onboarding question delete",
    166: "onboarding create", 167: "onboarding update", 190: "server guide create", 191: "server guide update",
}  # fmt: skip

AUTOMATIC = frozenset([143, 144, 145, 146])
"""What Discord's own rules did, on nobody's hand."""

OF_MEMBERS = frozenset([20, 22, 23, 24, 25, 26, 27, 72, 74, 75]) | AUTOMATIC
"""Acts whose target is a member: for messages, the one who wrote them."""

MODERATING = OF_MEMBERS | frozenset([13, 14, 15, 21, 73, 111, 112, 140, 141, 142])
