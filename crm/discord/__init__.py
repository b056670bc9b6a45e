"""The parts of the Discord importer: cutting huge files, their shapes, conversations, and tables without ids."""
