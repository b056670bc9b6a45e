"""The people and apps of one workspace, by Slack's own ids.

An app posts under an id of its own (`B…`); where the list of members tells which account it has (`U…`), it is
that account, so that one app is not two.
"""

from collections.abc import Iterator

from crm.activity import Who, told
from crm.bots import is_bot
from crm.slack.shapes import Message, Profile, User

SLACKBOT = "USLACKBOT"
NAMELESS = "the app has no id and was told by its name"


def unescaped(text: str) -> str:
    """Text as it was typed: Slack escapes three signs and no more."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if "&" in text else text


class People:
    """Everybody known so far. `acted` are the ids of those who did something."""

    def __init__(self) -> None:
        self.accounts: dict[str, Who] = {SLACKBOT: Who(SLACKBOT, "slackbot", "Slackbot", bot=True)}
        self.called: dict[str, str] = {SLACKBOT: "Slackbot"}
        self.apps: dict[str, str] = {}
        self.listed: dict[str, int | float | None] = {}
        self.acted: set[str] = set()

    def add(self, user: User) -> None:
        """Learn an account from the list of members."""
        profile = user.profile or Profile()
        login, name = user.name or "", profile.real_name or user.real_name or profile.display_name or ""
        bot = bool(user.is_bot or user.is_workflow_bot) or user.id == SLACKBOT or is_bot(login, name, "")
        self.keep(user.id, login, name, profile, bot, user.tz)
        self.listed[user.id] = user.updated
        if profile.bot_id:
            self.apps[profile.bot_id] = user.id

    def keep(self, uid: str, login: str, name: str, profile: Profile, bot: bool, zone: str | None = None) -> Who:
        avatar = profile.image_192 or profile.image_72 or ""
        about = told(pronouns=profile.pronouns, zone=None if bot else zone)
        who = Who(uid, login, unescaped(name), profile.email or "", avatar, bot, about=about)
        self.accounts[uid] = who
        self.called[uid] = unescaped(profile.display_name or name or login) or uid
        return who

    def who(self, uid: str, beside: Profile | None = None) -> Who:
        """The account of an id (`U…`, `W…`, `B…`); one that is in no list by what stands beside the message."""
        uid = self.apps.get(uid, uid)
        known = self.accounts.get(uid)
        if known is None or (beside is not None and not known.name and not known.login):
            profile = beside or Profile()
            login, name = profile.name or "", profile.real_name or profile.display_name or ""
            known = self.keep(uid, login, name, profile, uid.startswith("B") or is_bot(login, name, ""))
        return known

    def poster(self, message: Message) -> Who | None:
        """Who wrote a message; None where Slack has taken the writer away with the words."""
        if message.subtype == "tombstone":
            return None
        if message.user:
            return self.who(message.user, message.user_profile)
        name = (message.bot_profile.name if message.bot_profile else None) or message.username or ""
        if message.bot_id:
            return self.app(message.bot_id, name)
        return Who(f"name:{name}", name=unescaped(name), bot=True) if name else None

    def app(self, bot_id: str, name: str) -> Who:
        """An app by its id, named as it is in the list of members or else in the first of its messages."""
        known = self.accounts.get(self.apps.get(bot_id, bot_id))
        if known is None or not (known.name or known.login):
            known = self.keep(bot_id, "", name, Profile(), True)
        return known

    def idle(self) -> Iterator[tuple[Who, int | float | None]]:
        """The people in the list of members who did nothing, and when their profile was last changed."""
        for uid, updated in self.listed.items():
            if uid not in self.acted and not self.accounts[uid].bot:
                yield self.accounts[uid], updated
