"""The lines that a measurement prints."""

import json

import pytest

from dap.bench import figures
from dap.bench.figures import Figure, percentile

PLAN = Figure(
    "plan",
    median_ms=40.0,
    p95_ms=132.4,
    statements=9,
    frame_statements=4,
    floor_ms=2.0,
    bytes_gzip=9000,
    extra={"kind": "page"},
    p95_budget_ms=100,
    median_budget_ms=21,
    statements_budget=8,
    frame_budget=4,
    missed=("LCP 1200 ms > 1000 ms",),
)


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        (range(1, 101), 95, 95),
        (range(1, 21), 95, 19),
        ([3.0, 1.0, 2.0], 50, 2.0),
        ([7.0], 95, 7.0),
        ([1, 2], 100, 2),
        ([1, 2], 0, 1),
    ],
)
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(
    values: list[float], percent: float, expected: float
) -> None:
    assert percentile(values, percent) == expected


def test_of_nothing_there_is_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 95)


def test_what_is_over_its_budget_is_told_with_both_numbers() -> None:
    assert PLAN.over == [
        "plan: median 40.0 ms > 21 ms",
        "plan: p95 132 ms > 100 ms",
        "plan: statements 9 > 8",
        "plan: LCP 1200 ms > 1000 ms",
    ]
    assert Figure("card", p95_ms=100.0, p95_budget_ms=100).over == []
    assert Figure("card", p95_ms=100.0).over == []


def test_a_figure_is_one_json_line_of_what_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    figures.emit(PLAN)
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert json.loads(printed) == {
        "name": "plan",
        "median_ms": 40.0,
        "p95_ms": 132.4,
        "statements": 9,
        "frame_statements": 4,
        "floor_ms": 2.0,
        "bytes_gzip": 9000,
        "kind": "page",
    }


def test_the_summary_tells_what_is_over_and_the_table_is_for_people(
    capsys: pytest.CaptureFixture[str],
) -> None:
    figures.finish(6500, [PLAN, Figure("import", seconds=7.25, items=10000)], {"cores": 2})
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {
        "name": "summary",
        "people": 6500,
        "within_budget": False,
        "over": PLAN.over,
        "cores": 2,
    }
    header, plan, bulk = printed.err.splitlines()[1:4]
    assert header.split()[:2] == ["median_ms", "p95_ms"] and "peak_mib" not in header
    assert plan.split() == ["plan", "40.0", "132", "9", "4", "2.0", "9000"]
    assert bulk.split() == ["import", "7.2", "10000"]
    assert "plan: p95 132 ms > 100 ms" in printed.err


def test_nothing_over_is_within_budget(capsys: pytest.CaptureFixture[str]) -> None:
    figures.finish(10, [Figure("card", p95_ms=9.0, p95_budget_ms=100)])
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"name": "summary", "people": 10, "within_budget": True, "over": []}
    assert "everything is within its budget" in printed.err
