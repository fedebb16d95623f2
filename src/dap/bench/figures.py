"""What a measurement gives: one JSON line each on standard output, a table for people on standard error.

The keys are those of DESIGN.md section 6; what only one measurement has stands in `extra` and goes along.
"""

import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

KEYS = (
    "median_ms",
    "p95_ms",
    "statements",
    "frame_statements",
    "floor_ms",
    "ratio",
    "bytes_gzip",
    "seconds",
    "items",
    "peak_mib",
)
"""The measured keys, in the order in which they are printed; one that was not measured is left out."""


@dataclass(frozen=True)
class Figure:
    """One thing measured, with the budgets that hold for it. Milliseconds, bytes as they travel, MiB."""

    name: str
    median_ms: float | None = None
    p95_ms: float | None = None
    statements: int | None = None
    frame_statements: int | None = None
    floor_ms: float | None = None
    ratio: float | None = None
    bytes_gzip: int | None = None
    seconds: float | None = None
    items: int | None = None
    peak_mib: float | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    median_budget_ms: float | None = None
    p95_budget_ms: float | None = None
    statements_budget: int | None = None
    frame_budget: int | None = None
    bytes_budget: int | None = None
    seconds_budget: float | None = None
    peak_budget_mib: float | None = None
    missed: tuple[str, ...] = ()
    """Budgets of keys in `extra` that are missed, each as «what value > budget»."""

    @property
    def over(self) -> list[str]:
        """What exceeds its budget, as «plan: p95 132 ms > 100 ms»."""
        compared = (
            ("median", self.median_ms, self.median_budget_ms, " ms"),
            ("p95", self.p95_ms, self.p95_budget_ms, " ms"),
            ("statements", self.statements, self.statements_budget, ""),
            ("frame statements", self.frame_statements, self.frame_budget, ""),
            ("gzipped", self.bytes_gzip, self.bytes_budget, " bytes"),
            ("time", self.seconds, self.seconds_budget, " s"),
            ("memory", self.peak_mib, self.peak_budget_mib, " MiB"),
        )
        found = [
            f"{self.name}: {what} {_short(value)}{unit} > {_short(budget)}{unit}"
            for what, value, budget, unit in compared
            if value is not None and budget is not None and value > budget
        ]
        return found + [f"{self.name}: {text}" for text in self.missed]

    def as_line(self) -> dict[str, object]:
        """The JSON object of this figure: its name, what was measured, and `extra`."""
        measured = {key: getattr(self, key) for key in KEYS if getattr(self, key) is not None}
        return {"name": self.name, **measured, **self.extra}


def emit(figure: Figure) -> None:
    """Print the figure's JSON line at once: each `run` does so as it measures, and one that is interrupted
    has told what it knew."""
    print(json.dumps(figure.as_line(), ensure_ascii=False), flush=True)


def finish(people: int, figures: Sequence[Figure], extra: Mapping[str, object] | None = None) -> None:
    """Print the summary's JSON line, and the table and what is over budget on standard error."""
    over = [text for figure in figures for text in figure.over]
    summary = {"name": "summary", "people": people, "within_budget": not over, "over": over, **(extra or {})}
    print(json.dumps(summary, ensure_ascii=False), flush=True)
    print("\n".join(["", *table(figures), "", *_verdict(people, over)]), file=sys.stderr, flush=True)


def table(figures: Sequence[Figure]) -> list[str]:
    """The figures as lines of a table: a column for each number that any of them has, to the right."""
    lines = [figure.as_line() for figure in figures]
    numbers = [{key: value for key, value in line.items() if _is_number(value)} for line in lines]
    keys = list(dict.fromkeys(key for line in numbers for key in line))
    rows = [["", *keys]] + [
        [figure.name, *(_short(line[key]) if key in line else "" for key in keys)]
        for figure, line in zip(figures, numbers, strict=True)
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(keys) + 1)]
    return ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]


def percentile(values: Iterable[float], percent: float) -> float:
    """The smallest value that at least `percent` per cent of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values, no percentile")
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _short(value: float) -> str:
    return f"{value:.1f}" if isinstance(value, float) and abs(value) < 100 else f"{value:.0f}"


def _verdict(people: int, over: list[str]) -> list[str]:
    if not over:
        return [f"{people} people: everything is within its budget."]
    return [f"{people} people: over budget", *(f"  {text}" for text in over)]
