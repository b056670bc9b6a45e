"""The parts of the Discourse importer: shapes of documents, the forum's address, its people, the words of a
post."""
