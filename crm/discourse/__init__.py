"""The parts of the Discourse importer: shapes, the forum's address, its people, the words of a post."""
