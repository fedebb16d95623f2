"""A refusal: the sentence that the person sees, and the HTTP status that carries it."""

from enum import Enum
from typing import Any, Self


class Reason(Enum):
    """Base of each room's reasons: `NAME = N_("Sentence."), 422`. The status defaults to 422."""

    sentence: str
    status: int

    def __new__(cls, sentence: str, status: int = 422) -> Self:
        """Make a reason of its sentence and its status."""
        member = object.__new__(cls)
        member._value_ = sentence
        member.sentence = sentence
        member.status = status
        return member


class Refused(Exception):
    """An act that a rule refused. `field` names the form field to mend, "" for the whole form.

    `values` fill placeholders of the sentence, `detail` carries what the page must show
    (for a stale save: both versions).
    """

    def __init__(
        self, reason: Reason, *, field: str = "", values: dict[str, object] | None = None, detail: Any = None
    ) -> None:
        super().__init__(reason.name)
        self.reason = reason
        self.field = field
        self.values = values or {}
        self.detail = detail
