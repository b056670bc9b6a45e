"""The parts of the git importer: reading a repository with git, its public address, the credits in a message."""
