"""The command line. Here, and only here, all parts of Kith are put together; nothing else may import this package."""
