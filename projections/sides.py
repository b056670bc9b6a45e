"""Who is a person of the community, who is one of the team, who is a program.

What the team said of a member counts; else what the source says of the account that the member is called by. Numbers about
people leave out the others, so this stands in one place.
"""


def _accounts(members: str) -> str:
    return f"""(WITH them AS MATERIALIZED ({members})
    SELECT member FROM them UNION ALL SELECT handle FROM membership JOIN them USING (member))"""


def _said(side: str) -> str:
    return f"SELECT member FROM traits WHERE slot = 'side' AND value = '\"{side}\"'"


_BORN = """SELECT identity AS member FROM identities WHERE bot AND identity NOT IN (SELECT handle FROM membership)
    AND identity NOT IN (SELECT member FROM traits WHERE slot = 'side')"""

BOTS = _accounts(f"{_BORN} UNION ALL {_said('bot')}")
"""The accounts of programs, for `IN` and `NOT IN`."""

TEAM = _accounts(_said("team"))
"""The accounts of colleagues."""

NO_PEOPLE = _accounts(f"{_BORN} UNION ALL {_said('bot')} UNION ALL {_said('team')}")
"""The accounts of programs and colleagues."""
