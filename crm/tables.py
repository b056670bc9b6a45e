"""Lasting tables that are neither the log nor a projection: made once, never rebuilt."""

SCHEMA = (
    # One wrapped data key a person; deleting a row erases the person.
    "CREATE TABLE IF NOT EXISTS vault_keys (subject uuid PRIMARY KEY, wrapped bytea NOT NULL)",
    # The secret of ids that came with an archive, sealed.
    "CREATE TABLE IF NOT EXISTS adopted (sole boolean PRIMARY KEY DEFAULT true CHECK (sole), ids bytea NOT NULL)",
    # How far a running import is, for the page that watches it.
    """CREATE TABLE IF NOT EXISTS import_progress (
        batch uuid PRIMARY KEY, done bigint NOT NULL, total bigint NOT NULL, read bigint NOT NULL, recorded bigint NOT NULL,
        known bigint NOT NULL, changed bigint NOT NULL, refused bigint NOT NULL, seconds float8 NOT NULL,
        seen_at timestamptz NOT NULL, finished boolean NOT NULL)""",
    # Rows that could not be read, kept for whoever mends them; `raw` is sealed.
    """CREATE TABLE IF NOT EXISTS refused_rows (
        batch uuid NOT NULL, number bigint NOT NULL, file text NOT NULL, line bigint NOT NULL, reason text NOT NULL,
        raw bytea NOT NULL, PRIMARY KEY (batch, number))""",
    # Files that were dropped on the Sources page, from then until they are imported or thrown away.
    """CREATE TABLE IF NOT EXISTS uploads (
        id uuid PRIMARY KEY, at timestamptz NOT NULL, by text NOT NULL, files text[] NOT NULL, size bigint NOT NULL,
        source text NOT NULL, host text NOT NULL, mapping jsonb NOT NULL, state text NOT NULL, batch uuid,
        rehearsal jsonb, trouble text NOT NULL)""",
    # What the columns of a table meant the last time, by its headings.
    "CREATE TABLE IF NOT EXISTS column_mappings (headings text[] PRIMARY KEY, mapping jsonb NOT NULL, at timestamptz NOT NULL)",
    # Signed notes of what the log was at earlier sizes.
    "CREATE TABLE IF NOT EXISTS checkpoints (size bigint PRIMARY KEY, note text NOT NULL)",
    # Scores of all members on a day as they were counted, and up to which position of the log; counted anew when lost.
    """CREATE UNLOGGED TABLE IF NOT EXISTS countings (
        counting bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, version text NOT NULL, day date NOT NULL, position bigint NOT NULL,
        at timestamptz NOT NULL, UNIQUE (version, day))""",
    """CREATE UNLOGGED TABLE IF NOT EXISTS standings (
        counting bigint NOT NULL, member uuid NOT NULL, points bigint NOT NULL, level text NOT NULL, told jsonb,
        PRIMARY KEY (counting, member))""",
    "CREATE INDEX IF NOT EXISTS standings_points ON standings (counting, points DESC, member)",
)
