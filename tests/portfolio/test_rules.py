"""What may be searched for, without a database."""

import pytest

from dap.portfolio.rules import SearchReason, is_number, judge_search


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", SearchReason.BLANK),
        ("  \t ", SearchReason.BLANK),
        ("a", SearchReason.TOO_SHORT),
        ("å", SearchReason.TOO_SHORT),
        ("a b", SearchReason.TOO_SHORT),
        ("%%", SearchReason.TOO_SHORT),
        ("--", SearchReason.TOO_SHORT),
        ("Åse", None),
        ("Li", None),
        ("Li A", None),
        ("O'Hara", None),
        ("x" * 100, None),
        ("x" * 101, SearchReason.TOO_LONG),
        ("1", SearchReason.NUMBER_LENGTH),
        ("1234567890", SearchReason.NUMBER_LENGTH),
        ("123456789012", SearchReason.NUMBER_LENGTH),
        ("9" * 500, SearchReason.NUMBER_LENGTH),
        ("12345678901", SearchReason.NUMBER_INVALID),
        ("²²²²²²²²²²²", SearchReason.NUMBER_INVALID),
        ("Berg 12345678901", SearchReason.MIXED),
        ("Berg 2", SearchReason.MIXED),
        ("170590-12345", SearchReason.MIXED),
    ],
)
def test_the_reason_of_each_text(text: str, reason: SearchReason | None) -> None:
    assert judge_search(text) is reason


def test_every_reason_can_happen() -> None:
    texts = ["", "a", "x" * 101, "1", "12345678901", "Berg 2"]
    assert {judge_search(text) for text in texts} == set(SearchReason)


@pytest.mark.parametrize(("text", "number"), [("170590 12345", True), ("Berg", False), ("Berg 1", False)])
def test_digits_and_spaces_alone_are_a_number(text: str, number: bool) -> None:
    assert is_number(text) is number
