"""The parts of the Mattermost importer: shapes, the server with its people and channels, kinds, words, acts, two ways of reading."""
