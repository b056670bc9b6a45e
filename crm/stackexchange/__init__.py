"""The parts of the Stack Exchange importer: rows of XML, which site it is, its people and posts, what each table tells."""
