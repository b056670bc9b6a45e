"""Whole real sites, told by the importer and counted with a plain XML parser, must agree."""

import tarfile
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from crm.activity import Activity
from crm.kinds import KINDS
from crm.reading import Inputs
from crm.sources import stackexchange

Rows = dict[str, list[dict[str, str]]]
SITES = ["bicycles.meta.stackexchange.com", "conlang.meta.stackexchange.com"]
FIRST_WORDS, SUGGESTED, EDITS = {"1", "2", "3", "66"}, "24", {"4", "5", "6", "7", "8", "9"}
MODERATION = {"10", "11", "12", "13", "14", "15", "17", "19", "20", "35", "36", "37", "38"}
VOTED, FLAGGED = {"2", "3", "5", "8", "9", "16"}, {"4", "6", "7", "10", "11", "12", "15"}


def tables(path: Path) -> Rows:
    with tarfile.open(path) as archive:
        opened = {member.name.rpartition("/")[2]: archive.extractfile(member) for member in archive.getmembers()}
        return {name: [row.attrib for row in ET.parse(file).getroot()] for name, file in opened.items() if file}


def acts_of(path: Path) -> list[Activity]:
    """Everything in a dump, of which nothing may be refused."""
    found = list(stackexchange.read(Inputs([str(path)])))
    acts = [one for one in found if isinstance(one, Activity)]
    assert len(acts) == len(found) == len({act.key for act in acts})
    return acts


def counted(rows: Rows) -> Counter[str]:
    posts, history = rows["Posts.xml"], rows["PostHistory.xml"]
    of = [row["PostHistoryTypeId"] for row in history]
    others = [
        row["Text"].count('"Id":') - 1 for row in history if row["PostHistoryTypeId"] in MODERATION if row.get("Text")
    ]
    approvals = [
        row["Comment"].split(" edit id")[0].count(",") + 1 for row in history if row["PostHistoryTypeId"] == SUGGESTED
    ]
    votes = Counter(row["VoteTypeId"] for row in rows["Votes.xml"])
    asked, answered = (sum(row["PostTypeId"] == of for row in posts) for of in "12")
    edits = {row["RevisionGUID"] for row in history if row["PostHistoryTypeId"] in EDITS}
    return Counter(
        asked=asked,
        answered=answered,
        posted=len(posts) - asked - answered,
        replied=len(rows["Comments.xml"]),
        joined=len(rows["Users.xml"]),
        awarded=len(rows["Badges.xml"]),
        referenced=len(rows["PostLinks.xml"]),
        edited=len(edits) + of.count("16"),
        reviewed=sum(approvals),
        moderated=sum(of.count(one) for one in MODERATION) + sum(others) + sum(votes[one] for one in FLAGGED),
        voted=sum(votes[one] for one in VOTED),
        solved=len({row["PostId"] for row in rows["Votes.xml"] if row["VoteTypeId"] == "1"}),
        did=sum(of.count(one) for one in ("25", "50", "52")),
    )


@pytest.mark.parametrize("site", SITES)
def test_a_whole_real_site_agrees_with_a_plain_count(data: Path, site: str) -> None:
    path = data / "stackexchange" / f"{site}.tar.xz"
    acts, rows = acts_of(path), tables(path)
    assert Counter(act.kind for act in acts) == counted(rows)
    assert {act.host for act in acts} == {site} and {act.kind for act in acts} <= KINDS.keys()


@pytest.mark.parametrize("site", SITES)
def test_whoever_wrote_is_whom_the_posts_name(data: Path, site: str) -> None:
    path = data / "stackexchange" / f"{site}.tar.xz"
    acts, rows = acts_of(path), tables(path)
    wrote = {
        f"post:{row['Id']}": row.get("OwnerUserId") or f"name:{row['OwnerDisplayName']}" for row in rows["Posts.xml"]
    }
    parents = {f"post:{row['Id']}": f"post:{row['ParentId']}" for row in rows["Posts.xml"] if "ParentId" in row}
    names = {row["Id"]: row["DisplayName"].strip() for row in rows["Users.xml"]}
    posts = [act for act in acts if act.key in wrote]
    assert {act.key: act.who and act.who.uid for act in posts} == wrote
    assert {act.key: act.parent for act in posts if act.parent} == parents
    assert all(act.thread == parents.get(act.parent, act.parent) for act in acts if act.parent in wrote)
    for act in acts:
        if act.who and act.who.uid in names:
            assert act.who.name == names[act.who.uid]
        for whom in act.whom:
            owner = wrote.get(act.parent)
            assert whom.role in ("mentioned", "helped", "reviewed") or whom.who.uid == owner


@pytest.mark.parametrize("site", SITES)
def test_every_accepted_answer_has_solved_its_question(data: Path, site: str) -> None:
    path = data / "stackexchange" / f"{site}.tar.xz"
    chosen = {row["AcceptedAnswerId"] for row in tables(path)["Posts.xml"] if "AcceptedAnswerId" in row}
    solved = {act.parent: act for act in acts_of(path) if act.kind == "solved"}
    assert {f"post:{answer}" for answer in chosen} <= solved.keys()
    assert {act.precision for act in solved.values()} == {"day"}
