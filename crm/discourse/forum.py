"""What this run has learnt of one forum: whose name is whose, which post is which, in a fixed room of memory.

Discourse tells whom a post answers by topic, number and login, but an identity needs the account's own
number. A name that can't be turned into a number is left out: an identity made of a login would be a second
one of that person.
"""

import msgspec

from crm.activity import Who
from crm.bots import is_bot
from crm.discourse.shapes import Post, Poster
from crm.discourse.sheets import Sheet
from crm.recent import Recent

PEOPLE = 10_000
POSTS = 30_000


class Known(msgspec.Struct, frozen=True, gc=False):
    """A post that was seen: its id and who wrote it."""

    post: int
    who: Who | None


class Forum:
    """One forum by its host name."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.people: Recent[str, Who] = Recent(PEOPLE)
        self.posts: Recent[int, Known] = Recent(POSTS)

    def notice(self, sheet: Sheet) -> None:
        """Learn names and numbers from a document before any of its posts is told."""
        details = sheet.topic and sheet.topic.details
        if details:
            for poster in (details.created_by, details.last_poster, *details.participants):
                if poster and poster.id is not None and not self.named(poster.username):
                    self.meet(poster.id, poster)
        for post in sheet.posts:
            self.posts.put(place(post.topic_id, post.post_number), Known(post.id, self.writer(post)))

    def writer(self, post: Post) -> Who | None:
        """Who wrote a post; None where the forum has removed the account."""
        if post.user_id is None:
            return None
        return self.meet(post.user_id, Poster(post.username, None, post.name, post.avatar_template))

    def meet(self, number: int, poster: Poster) -> Who:
        login, name = poster.username, poster.name or ""
        avatar = self.portrait(poster.avatar_template or "")
        known = self.named(login)
        if known and (known.uid, known.login, known.name, known.avatar) == (str(number), login, name, avatar):
            return known
        who = Who(str(number), login, name, avatar=avatar, bot=number < 0 or is_bot(login, name, ""))
        self.people.put(login.lower(), who)
        return who

    def portrait(self, template: str) -> str:
        path = template.replace("{size}", "120")
        if path.startswith("//"):
            return f"https:{path}"
        return f"https://{self.host}{path}" if path.startswith("/") else path

    def named(self, login: str) -> Who | None:
        """The account of that login, in any case of letters, if this run has met it."""
        return self.people.get(login.lower())

    def post(self, topic: int, number: int) -> Known | None:
        """The post of that number in that topic, if this run has met it."""
        return self.posts.get(place(topic, number))


def place(topic: int, number: int) -> int:
    """A post's place in a forum as one number, which takes a third of what two in a tuple take."""
    return topic << 24 | number
