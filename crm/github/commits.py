"""A commit in a pull request's timeline is git's act with git's names, made as the git importer makes it."""

from crm.activity import Activity
from crm.git.forges import commit_link, place_of
from crm.github.place import Repo
from crm.github.shapes import Item, Unreadable
from crm.sources import git


def committed(repo: Repo, item: Item) -> Activity:
    """The commit as an activity of the source `git`, equal to the one read from the repository itself."""
    if item.author is None:
        raise Unreadable("a commit without an author")
    subject, _, body = item.message.replace("\r\n", "\n").strip("\n").partition("\n\n")
    parents = [parent.sha for parent in item.parents]
    commit = git.Commit(item.sha, parents, item.author, " ".join(subject.split("\n")), item.committer, body)
    place = place_of(f"{repo.host}/{repo.name}")
    try:
        return git.activity(commit, place, commit_link(place))
    except ValueError as flaw:
        raise Unreadable(str(flaw)) from flaw
