"""Commands about who is whom: who may be the same person, merge, split, undo."""

from itertools import chain
from uuid import UUID

import click
import msgspec

from crm.cli.finding import catch_up, limit, read_id, the_one
from crm.cli.shell import answer, answer_json, answer_table, as_json, opened, printable
from crm.command import Command, dispatch
from crm.errors import Refusal
from crm.installation import Installation
from crm.merging import MergeMembers
from crm.parting import SplitMember
from crm.undoing import Undo
from projections.addresses import tell_apart
from projections.pairs import Half, Pair, which_pairs_may_be_one


class Candidate(msgspec.Struct):
    """One of two accounts that look alike, and the member whose it is."""

    identity: UUID
    member: UUID
    source: str
    host: str
    handle: str
    name: str


class Suggestion(msgspec.Struct):
    """Two accounts that may be one person's; the confidence is from 0 to 1."""

    one: Candidate
    other: Candidate
    confidence: float
    reasons: list[str]


class Done(msgspec.Struct):
    """What was done stands at this position of the log, by which it can be undone."""

    position: int


@click.command()
@click.option("--least", default=0.5, show_default=True, type=click.FloatRange(0, 1), help="Confidence at least.")
@limit
@as_json
def suggestions(least: float, limit: int, as_json: bool) -> None:
    """Accounts that may be one person's, the surest first, with the reasons."""
    with opened() as kith:
        catch_up(kith, "suggestions", "members", "identities", "acts")
        with kith.connection() as connection:
            pairs = which_pairs_may_be_one(connection, limit, least=least)
            tell_apart(kith.vault, connection, chain.from_iterable(pair.accounts for pair in pairs))
    found = [_suggestion(pair) for pair in pairs]
    if as_json:
        answer_json(found)
    elif found:
        heads = ("member", "account", "member", "account", "sure", "reasons")
        answer_table(heads, [_line(one) for one in found])
    else:
        answer("No two members look alike.")


@click.command()
@click.argument("kept")
@click.argument("gone")
@click.option("--reason", default="", help="Why, for colleagues who wonder later.")
@as_json
def merge(kept: str, gone: str, reason: str, as_json: bool) -> None:
    """Let GONE be the same person as KEPT, and be called as KEPT is. Give ids, or names that only one bears."""
    with opened() as kith:
        command = MergeMembers(kept=_handle(kith, kept), gone=_handle(kith, gone), reason=reason)
        _do(kith, command, "They are one member now.", as_json)


@click.command()
@click.argument("member")
@click.argument("identity")
@click.option("--reason", default="", help="Why, for colleagues who wonder later.")
@as_json
def split(member: str, identity: str, reason: str, as_json: bool) -> None:
    """Let the account IDENTITY be somebody else than MEMBER. `crm member ID` lists the accounts with their ids."""
    account = read_id(identity)
    if account is None:
        raise Refusal(f"“{printable(identity)}” is not the id of an account. See them with: crm member ID")
    with opened() as kith:
        command = SplitMember(member=_handle(kith, member), identity=account, reason=reason)
        _do(kith, command, "The account is a member of its own now.", as_json)


@click.command()
@click.argument("position", type=click.IntRange(1, 2**63 - 1))
@as_json
def undo(position: int, as_json: bool) -> None:
    """Undo what the team did at this POSITION of the log, with all of its bulk; undoing an undoing restores."""
    with opened() as kith:
        _do(kith, Undo(position=position), "Undone.", as_json)


def _do(kith: Installation, command: Command, sentence: str, as_json: bool) -> None:
    position = dispatch(kith, command)
    if as_json:
        answer_json(Done(position))
    else:
        answer(f"{sentence} It can be undone with: crm undo {position}")


def _handle(kith: Installation, typed: str) -> UUID:
    """The id that was typed, which may be of any account; or that of the one member who bears this name."""
    return read_id(typed) or the_one(kith, typed).member


def _suggestion(pair: Pair) -> Suggestion:
    reasons = [one.sentence.format(**one.values) for one in pair.likeness.reasons]
    return Suggestion(_candidate(pair.one), _candidate(pair.other), pair.likeness.confidence, reasons)


def _candidate(half: Half) -> Candidate:
    one = half.account
    return Candidate(one.identity, half.member.member, one.source, one.host, one.login or one.name, one.name)


def _line(one: Suggestion) -> tuple[object, ...]:
    sides = [
        (str(each.member), f"{each.name or each.handle} ({each.handle if each.handle != each.name else each.source})")
        for each in (one.one, one.other)
    ]
    return (*sides[0], *sides[1], f"{int(one.confidence * 100)}%", "; ".join(one.reasons))


COMMANDS = (suggestions, merge, split, undo)
