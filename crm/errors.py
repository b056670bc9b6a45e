"""The exceptions a person ever reads: each carries a sentence that says what, where and what to do."""

from datetime import datetime


class Refusal(Exception):
    """Something asked for cannot be done; `str(refusal)` is shown as it is, with exit code 2 or status 4xx.

    `field` is that of a form at which it is told; empty where it is about the whole.
    """

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class Conflict(Refusal):
    """A colleague was faster: what one saw is not what stands. `position` is the act of theirs that stands now."""

    def __init__(self, by: str, at: datetime, position: int) -> None:
        super().__init__(f"{by} changed this at {at:%Y-%m-%d %H:%M} UTC, after you opened it. Look at it again.")
        self.by = by
        self.at = at
        self.position = position
