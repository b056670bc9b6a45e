"""The parts of the Zulip importer: shapes, tables, people, the organisation, words written and rendered, moves, and acts."""
