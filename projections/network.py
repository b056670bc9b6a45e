"""The network of the community, as of any day. Nothing of it is a table: it is read from the ties and measured when it is asked for.

What was measured is remembered, since a page is looked at twice and three formulas ask for the same.
"""

from collections import OrderedDict
from datetime import date
from threading import Lock
from typing import Any
from uuid import UUID

from psycopg import Connection

from projections.bonds import how_strong_are_all
from projections.influence import Measure, Network, measured
from projections.standing import where_do_they_stand

READ = ["acts", "identities", "meetings", "members", "relationships"]
"""The projections whose tables a network is made of: ties and meetings, who is one member, who is no person."""

REMEMBERED = 4

_networks: OrderedDict[tuple[object, ...], Network] = OrderedDict()
_turn = Lock()


def which_network(connection: Connection[Any], today: date) -> Network:
    """The network on that day, measured once for each day and place in the log.

    What is remembered cannot go stale: it is kept under the database, the day, and how far in the log each projection it was made
    of stood and when that was last rebuilt, both before and after it was read. Whatever changes a tie, merges members, says who is
    a bot, or takes an import back is an event, moves these, and is asked anew. Names are no part of it.
    """
    with _turn:
        before = _key(connection, today)
        if before in _networks:
            _networks.move_to_end(before)
            return _networks[before]
        network = measured(how_strong_are_all(connection, today), today)
        if before == _key(connection, today):
            _networks[before] = network
            while len(_networks) > REMEMBERED:
                _networks.popitem(last=False)
        return network


def which_places(connection: Connection[Any], today: date, measure: Measure) -> list[tuple[UUID, float]]:
    """What everybody measures on that day, the highest first."""
    people = which_network(connection, today).people
    told = [(one.member, float(getattr(one, measure))) for one in people]
    return sorted(told, key=lambda one: (-one[1], one[0]))


def _key(connection: Connection[Any], today: date) -> tuple[object, ...]:
    standings = where_do_they_stand(connection, READ)
    return (connection.info.dsn, today, *((one.position, one.built_at) for one in standings))
