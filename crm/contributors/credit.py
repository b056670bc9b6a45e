"""A person's credit for one kind of contribution, as an activity, whichever file tells of it."""

import re
from datetime import datetime

from crm.activity import Activity, Who
from crm.bots import is_bot
from crm.contributors.types import WORDS
from crm.github.place import Repo

PICTURE = re.compile(r"(?:avatars[^/]*|/avatars)(?:\.[^/]+)?/u/([1-9]\d*)(?:\?|$)|/user/avatar/([1-9]\d*)/")
"""Where GitHub and GitLab keep the pictures of accounts: by their ids."""

ONLY_LOGIN = "only the login is known, which may pass to another account"
ONLY_NAME = "only the name is known"


class Project:
    """The repository whose people are listed. `forge` is github or gitlab; `words` are the project's own for kinds."""

    def __init__(self, repo: Repo, forge: str, at: datetime, words: dict[str, str]) -> None:
        self.repo, self.forge, self.at = repo, forge, at
        self.words = WORDS | words

    def credit(self, who: Who, kind: str, link: str = "", words: str = "") -> Activity:
        """Somebody is credited for a kind of contribution; `words` are those shown for it, where they were shown."""
        return self.act(who, "credited", kind, words or self.words.get(kind, kind), link)

    def act(self, who: Who, kind: str, own_kind: str, text: str = "", link: str = "") -> Activity:
        """What the list says of somebody; it was so no later than the list was read."""
        person = who.login.lower() or who.uid
        return Activity(
            source="contributors",
            host=self.repo.host,
            key=f"{self.repo.key}:{person}:{own_kind}",
            kind=kind,
            own_kind=own_kind,
            at=self.at,
            precision="by",
            who=who,
            place=self.repo.place,
            text=text,
            link=link or self.repo.link,
            doubt=doubt(who),
        )

    def person(self, login: str, name: str, avatar: str) -> Who:
        """The account on the forge. Its number stands in the address of its picture; else its login must do, or the name."""
        found = PICTURE.search(avatar)
        number = found[1] or found[2] if found else ""
        uid = number or (f"login:{login.lower()}" if login else f"name:{name}")
        return Who(uid, login, name, avatar=avatar, bot=is_bot(login, name, ""), source=self.forge, host=self.repo.host)


def doubt(who: Who) -> str:
    return ONLY_LOGIN if who.uid.startswith("login:") else ONLY_NAME if who.uid.startswith("name:") else ""
