"""The parts of the Discourse importer: shapes of its documents, the forum's address, its people, the words of a post."""
