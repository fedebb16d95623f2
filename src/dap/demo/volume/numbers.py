"""Synthetic person numbers, unique in the whole volume though each chunk is made on its own.

For a year of birth and a sex there are 250 individual numbers on each day, and as many again as
D-numbers. Chunk c of n owns every n-th of these places, counted in a scattered order; so no two chunks
can meet, and a chunk that has used its own of one year goes on in the next year.
"""

from datetime import date, timedelta
from functools import cache

_INDIVIDUALS = 250
_SCATTER = 7919  # a prime that divides neither 365 * 250 nor 366 * 250
_WEIGHTS_1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_WEIGHTS_2 = (5, 4, 3, 2, 7, 6, 5, 4, 3)


class Numbers:
    """The numbers of one chunk, handed out in order."""

    def __init__(self, chunk: int, chunks: int) -> None:
        self.chunk = chunk
        self.chunks = chunks
        self._next: dict[tuple[int, str], int] = {}

    def take(self, year: int, sex: str) -> tuple[str, str]:
        """A day of birth (ISO) in this year and a free number of that day for this sex (K or M).

        When the chunk's numbers of the year are used up, the day is in a following year.
        """
        odd = sex == "M"
        while True:
            place = self._next.get((year, sex), self.chunk)
            days = 366 if year % 4 == 0 else 365
            size = days * _INDIVIDUALS
            while place < 2 * size:
                variety, where = divmod(place, size)
                place += self.chunks
                individual, day = divmod(where * _SCATTER % size, days)
                individual = 2 * individual + odd + (500 if year >= 2000 else 0)
                if number := _number(year, day, bool(variety), individual):
                    self._next[year, sex] = place
                    return _head(year, day, bool(variety))[3], number
            self._next[year, sex] = place
            year += 1


@cache
def _head(year: int, day: int, d_number: bool) -> tuple[str, int, int, str]:
    """The first six digits, their part of both check sums, and the day."""
    born = date(year, 1, 1) + timedelta(days=day)
    head = f"{born.day + 40 * d_number:02}{born.month + 80:02}{year % 100:02}"
    first = sum(w * int(d) for w, d in zip(_WEIGHTS_1, head, strict=False))
    second = sum(w * int(d) for w, d in zip(_WEIGHTS_2, head, strict=False))
    return head, first, second, born.isoformat()


def _number(year: int, day: int, d_number: bool, individual: int) -> str | None:
    """The number, or None where a check digit would be ten."""
    head, first, second, _ = _head(year, day, d_number)
    digits, more_first, more_second = _INDIVIDUAL[individual]
    check_1 = -(first + more_first) % 11
    check_2 = -(second + more_second + 2 * check_1) % 11
    return f"{head}{digits}{check_1}{check_2}" if check_1 < 10 and check_2 < 10 else None


def _individual(number: int) -> tuple[str, int, int]:
    digits = f"{number:03}"
    first = sum(w * int(d) for w, d in zip(_WEIGHTS_1[6:], digits, strict=True))
    second = sum(w * int(d) for w, d in zip(_WEIGHTS_2[6:], digits, strict=True))
    return digits, first, second


_INDIVIDUAL = [_individual(number) for number in range(1000)]
