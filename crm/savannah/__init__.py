"""The parts of the importer of Savannah: shapes of its answers, what each tells, its tables."""
