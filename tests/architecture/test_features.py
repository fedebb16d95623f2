"""Each feature that a test says it proves is one of the product's."""

import ast
from pathlib import Path

import pytest

from .features import FEATURES

TESTS = Path(__file__).resolve().parents[1]


def marked() -> list[tuple[str, str]]:
    """(feature, place) of every mark in the suite, read from the source."""
    found = []
    for file in sorted(TESTS.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.feature":
                place = f"{file.relative_to(TESTS)}:{node.lineno}"
                found += [(str(ast.literal_eval(argument)), place) for argument in node.args]
    return found


def test_every_marked_feature_exists() -> None:
    marks = marked()
    assert len(marks) > 5
    assert [(feature, place) for feature, place in marks if feature not in FEATURES] == []


@pytest.mark.parametrize(
    ("feature", "exists"), [("P18", True), ("P19", False), ("X4", True), ("Q1", False), ("P0", False)]
)
def test_the_list_of_features(feature: str, exists: bool) -> None:
    assert (feature in FEATURES) is exists
