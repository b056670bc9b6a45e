"""The parts of the importer of Orbit: shapes of its answers, its words for what happened, its members, its tables."""
