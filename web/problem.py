"""Why a form was not taken, told beside the form with the draft kept: a rule, or a colleague who was faster."""

from datetime import datetime
from typing import Any, Self

import msgspec
from litestar import Response

from crm.errors import Conflict, Refusal
from web.page import Asked, html


class Problem(msgspec.Struct):
    """The sentence of a rule, an English msgid; or, where a colleague was faster, who (`by`) and when (`at`).

    `field` is the one that it is about, if it is about one.
    """

    sentence: str = ""
    field: str = ""
    by: str = ""
    at: datetime | None = None

    @classmethod
    def of(cls, refusal: Refusal) -> Self:
        """What is to be told of a refusal."""
        return cls(by=refusal.by, at=refusal.at) if isinstance(refusal, Conflict) else cls(str(refusal), refusal.field)

    def mark(self, answer: Response[Any]) -> Response[Any]:
        """The page that tells it, with the status that says so to programs."""
        answer.status_code = 409 if self.at else 422
        return answer


def asked_again(request: Asked, template: str, view: msgspec.Struct, refusal: Refusal) -> Response[Any]:
    """The form once more, always as a whole page, so that what was typed is not lost; the view's `problem` tells why."""
    problem = Problem.of(refusal)
    told = msgspec.structs.replace(view, problem=problem)
    return problem.mark(html(request, template, {**msgspec.structs.asdict(told), "view": told}))
