"""The one exception a person ever reads: it carries a sentence that says what, where and what to do."""


class Refusal(Exception):
    """Something asked for cannot be done; `str(refusal)` is shown as it is, with exit code 2 or status 4xx."""
