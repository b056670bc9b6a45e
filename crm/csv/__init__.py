"""The parts of the importer of tables: what columns mean, how dates and people are written, what a row tells."""
