"""The parts of the importer of all-contributors files: the kinds of contribution, the settings file, the table of people."""
