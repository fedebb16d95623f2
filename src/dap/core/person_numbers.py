"""Norwegian person numbers: what is valid, which kind it is, which day of birth it tells.

Sources: the tax administration's description of fødselsnummer and D-nummer, its Tenor test
register (synthetic: month + 80), Nav's synthetic ones (month + 40), and the rule from 2032,
when the first check digit may leave remainder 0 to 3 and no longer tells the century.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_WEIGHTS_1 = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_WEIGHTS_2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


class NumberKind(StrEnum):
    """Ordinary number, or D-number for people without a permanent residence."""

    ORDINARY = "ordinary"
    D_NUMBER = "d-number"


@dataclass(frozen=True)
class PersonNumber:
    """A valid number. `born` is None where the number no longer tells the century (2032 rule)."""

    number: str
    kind: NumberKind
    synthetic: bool
    born: date | None


def _remainders(digits: list[int]) -> tuple[int, int]:
    return (
        sum(w * d for w, d in zip(_WEIGHTS_1, digits, strict=False)) % 11,
        sum(w * d for w, d in zip(_WEIGHTS_2, digits, strict=False)) % 11,
    )


def _century(individual: int, year: int) -> int | None:
    if individual <= 499:
        return 1900
    if individual <= 749 and year >= 54:
        return 1800
    if year <= 39:
        return 2000
    if individual >= 900:
        return 1900
    return None


def parse(text: str) -> PersonNumber | None:
    """The number in `text` (spaces allowed), or None when it is not valid."""
    digits_only = "".join(text.split())
    if len(digits_only) != 11 or not (digits_only.isascii() and digits_only.isdigit()):
        return None
    digits = [int(char) for char in digits_only]
    first, second = _remainders(digits)
    if second != 0 or first not in (0, 1, 2, 3):
        return None

    day, month, year = int(digits_only[:2]), int(digits_only[2:4]), int(digits_only[4:6])
    kind = NumberKind.D_NUMBER if day > 40 else NumberKind.ORDINARY
    day = day - 40 if day > 40 else day
    synthetic = month > 12
    month = month - 80 if month > 80 else month - 40 if month > 40 else month

    if first != 0:  # the 2032 rule: the individual number tells no century
        return _with_any_century(digits_only, kind, synthetic, day, month, year)
    century = _century(int(digits_only[6:9]), year)
    if century is None:
        return _with_any_century(digits_only, kind, synthetic, day, month, year)
    try:
        return PersonNumber(digits_only, kind, synthetic, date(century + year, month, day))
    except ValueError:
        return None


def _with_any_century(
    number: str, kind: NumberKind, synthetic: bool, day: int, month: int, year: int
) -> PersonNumber | None:
    for century in (1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return PersonNumber(number, kind, synthetic, None)
    return None


def synthetic_numbers(born: date) -> Iterator[str]:
    """All valid synthetic numbers (month + 80) of a day of birth from 1900 to 2039, in a fixed order."""
    individuals = range(500) if born.year < 2000 else range(500, 1000)
    head = f"{born.day:02}{born.month + 80:02}{born.year % 100:02}"
    for individual in individuals:
        nine = [int(char) for char in f"{head}{individual:03}"]
        first = -sum(w * d for w, d in zip(_WEIGHTS_1, nine, strict=False)) % 11
        second = -sum(w * d for w, d in zip(_WEIGHTS_2, [*nine, first], strict=False)) % 11
        if first < 10 and second < 10:
            yield f"{head}{individual:03}{first}{second}"
