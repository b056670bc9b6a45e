"""Contacts: when somebody last turned to somebody, and when they last did so with words that may ask for an answer.

Which accounts are the team's changes with what the team says, so this is kept of any two accounts.
"""

from projections.projection import Projection

_FOLD = """
INSERT INTO {contacts} AS old (whom, who, at, asked_at)
SELECT target, actor, max(occurred_at), max(occurred_at) FILTER (WHERE role IN ('replied', 'mentioned', 'quoted'))
FROM {facts}, unnest(targets, roles) AS touched(target, role) WHERE actor IS NOT NULL AND target <> actor
GROUP BY target, actor
ON CONFLICT (whom, who) DO UPDATE SET at = greatest(old.at, excluded.at), asked_at = greatest(old.asked_at, excluded.asked_at)
"""

PROJECTION = Projection(
    name="contacts",
    tables={"contacts": "whom uuid NOT NULL, who uuid NOT NULL, at timestamptz NOT NULL, asked_at timestamptz"},
    keys={"contacts": "(whom, who) INCLUDE (at)"},
    fold=lambda window: window.run(_FOLD),
    indexes=(
        "CREATE INDEX ON {contacts} (who, at) INCLUDE (whom)",
        "CREATE INDEX ON {contacts} (whom, asked_at) INCLUDE (who)",
    ),
)
