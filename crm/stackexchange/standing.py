"""What says who belongs to a site and how questions belong together: arrivals, badges, links."""

from collections.abc import Iterator

from crm.activity import Activity
from crm.stackexchange.cells import number, time
from crm.stackexchange.site import Site, thread_of

CLASSES = {"1": "gold badge", "2": "silver badge", "3": "bronze badge"}
LINKS = {1: "link", 3: "duplicate"}


def user(cells: dict[str, str], site: Site) -> Iterator[Activity]:
    """A row of Users: everybody came at some time, also those who never did anything else."""
    own = number(cells, "Id")
    who, link = site.people.who(own, cells.get("DisplayName", "").strip()), f"https://{site.host}/users/{own}"
    yield site.activity(f"user:{own}", "joined", "user", time(cells, "CreationDate"), who, link=link)


def badge(cells: dict[str, str], site: Site) -> Iterator[Activity]:
    """A row of Badges; its text is the badge's name."""
    own, who = number(cells, "Id"), site.people.who(number(cells, "UserId"))
    kind, name = CLASSES.get(cells.get("Class", ""), "badge"), cells.get("Name", "").strip()
    link = f"https://{site.host}/users/{who.uid}?tab=badges"
    yield site.activity(f"badge:{own}", "awarded", kind, time(cells, "Date"), who, text=name, link=link)


def link(cells: dict[str, str], site: Site) -> Iterator[Activity]:
    """A row of PostLinks. It appears when a post, a comment or a closing points to a question; by whom is not told."""
    own, on, other = number(cells, "Id"), number(cells, "PostId"), number(cells, "RelatedPostId")
    of = number(cells, "LinkTypeId")
    yield site.activity(
        f"link:{own}",
        "referenced",
        LINKS.get(of, f"link {of}"),
        time(cells, "CreationDate"),
        None,
        thread=thread_of(site.posts.get(on)),
        parent=f"post:{on}",
        text=f"https://{site.host}/q/{other}",
        link=f"https://{site.host}/q/{on}",
    )
