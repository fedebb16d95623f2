"""What a volume is made from: how many people, from which seed, up to which day."""

from dataclasses import dataclass
from datetime import date

CHUNK = 2000
"""People in a chunk: what one COPY of every table carries."""


@dataclass(frozen=True)
class Spec:
    """One volume. The same spec always gives the same bytes."""

    people: int
    seed: int
    day: date
    """The first day that has not happened: all that is seeded lies before its midnight in Norway."""


def chunks(spec: Spec) -> int:
    """How many chunks hold the people of `spec`; the last may be short."""
    return -(-spec.people // CHUNK)
