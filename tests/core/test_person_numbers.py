"""Person numbers: ordinary, D-numbers, synthetic ones, and the rule from 2032."""

from datetime import date
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dap.core.person_numbers import NumberKind, parse, synthetic_numbers

W1 = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
W2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def complete(nine: str, remainder: int = 0) -> str:
    """The eleven digits whose first weighted sum leaves this remainder, computed apart from the code."""
    digits = [int(char) for char in nine]
    first = next(
        d
        for d in range(-1, 10)
        if d >= 0 and sum(w * x for w, x in zip(W1, [*digits, d], strict=True)) % 11 == remainder
    )
    ten = [*digits, first]
    second = next(d for d in range(10) if sum(w * x for w, x in zip(W2, [*ten, d], strict=True)) % 11 == 0)
    return nine + f"{first}{second}"


def possible(head: str, individuals: range, remainder: int = 0) -> str:
    """The first number of these that has both check digits."""
    for individual in individuals:
        try:
            return complete(f"{head}{individual:03}", remainder)
        except StopIteration:
            continue
    raise AssertionError("no number")


CENTURIES = [  # two digits of the year, individual numbers, full year of birth
    ("54", range(500, 750), 1854),
    ("99", range(500, 750), 1899),
    ("00", range(500), 1900),
    ("99", range(500), 1999),
    ("40", range(900, 1000), 1940),
    ("99", range(900, 1000), 1999),
    ("00", range(500, 1000), 2000),
    ("39", range(500, 1000), 2039),
]


@pytest.mark.parametrize(("year", "individuals", "born"), CENTURIES)
def test_the_individual_number_tells_the_century(year: str, individuals: range, born: int) -> None:
    found = parse(possible(f"1403{year}", individuals))
    assert found
    assert (found.born, found.kind, found.synthetic) == (date(born, 3, 14), NumberKind.ORDINARY, False)


@pytest.mark.parametrize(
    ("head", "kind", "synthetic"),
    [
        ("140394", NumberKind.ORDINARY, False),
        ("540394", NumberKind.D_NUMBER, False),
        ("144394", NumberKind.ORDINARY, True),
        ("148394", NumberKind.ORDINARY, True),
        ("544394", NumberKind.D_NUMBER, True),
        ("548394", NumberKind.D_NUMBER, True),
    ],
)
def test_d_numbers_and_synthetic_numbers_tell_the_same_day_of_birth(
    head: str, kind: NumberKind, synthetic: bool
) -> None:
    found = parse(possible(head, range(500)))
    assert found
    assert (found.kind, found.synthetic, found.born) == (kind, synthetic, date(1994, 3, 14))


@pytest.mark.parametrize("remainder", range(11))
def test_from_2032_the_first_check_digit_may_leave_a_remainder_up_to_3(remainder: int) -> None:
    number = possible("140332", range(1000), remainder)
    found = parse(number)
    if remainder > 3:
        assert found is None
        return
    assert found
    assert (found.born is None) == (remainder != 0), "then the number no longer tells the century"


@pytest.mark.parametrize(
    "head", ["310294", "320194", "001294", "140094", "141394", "720194", "145394", "149394"]
)
def test_a_day_that_does_not_exist_is_no_number(head: str) -> None:
    for remainder in (0, 1):
        assert parse(possible(head, range(500), remainder)) is None


def test_a_leap_day_needs_a_year_that_has_it() -> None:
    assert parse(possible("290296", range(500)))
    assert parse(possible("290295", range(500))) is None
    assert parse(possible("290200", range(500))) is None, "1900 was no leap year"
    assert parse(possible("290200", range(500, 1000)))


def test_every_single_wrong_digit_and_every_swap_of_neighbours_is_found_by_the_second_check_digit() -> None:
    number = possible("140394", range(500))
    for place in range(11):
        for digit in "0123456789":
            if digit != number[place]:
                assert parse(number[:place] + digit + number[place + 1 :]) is None
    assert parse(f" {number[:6]} {number[6:]}\n") == parse(number)


@pytest.mark.parametrize(
    "text", ["", "1403942", "140394123456", "abcdefghijk", "14.03.94 12", "１４０３９４１２３４５", "²" * 11]
)
def test_what_is_not_eleven_digits_is_no_number(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    "born", [date(1900, 1, 1), date(1960, 2, 29), date(1999, 12, 31), date(2000, 1, 1), date(2039, 12, 31)]
)
def test_all_synthetic_numbers_of_a_day_parse_to_that_day_and_differ(born: date) -> None:
    numbers = list(synthetic_numbers(born))
    assert len(set(numbers)) == len(numbers) > 300
    for number in numbers:
        found = parse(number)
        assert found
        assert (found.born, found.synthetic, found.kind) == (born, True, NumberKind.ORDINARY)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1900, 1, 1), date(2039, 12, 31)))
def test_any_day_has_synthetic_numbers_that_parse(born: date) -> None:
    for number in islice(synthetic_numbers(born), 3):
        found = parse(number)
        assert found
        assert found.born == born


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=14) | st.text("0123456789", min_size=11, max_size=11))
def test_no_text_makes_the_parser_fail(text: str) -> None:
    found = parse(text)
    assert found is None or len(found.number) == 11
