"""The parts of the moderation importer: one module for each system that keeps a history, and what they share."""
