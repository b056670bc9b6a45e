"""The parts of the Slack importer: shapes, folders, people, rooms, the workspace they make, words, and acts."""
