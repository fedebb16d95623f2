"""How the times grow with the country: what `bench pages` printed at several sizes, as a table and a plot.

Each file is the standard output of one `./dap bench pages`. Nothing is measured here.
"""

import argparse
import itertools
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import altair as alt
import vl_convert

from dap.core.problem import Problem

LINES = {"median": "median_ms", "95th percentile": "p95_ms"}
"""What is drawn of each thing measured, by its key in the JSON line."""

COLUMNS = 4
PANEL = (170, 100)
INK, RULES, COLOURS = "#1f2328", "#d0d7de", ("#0b5cad", "#b3470b")
"""Dark on a ground of the plot's own: a viewer in dark mode shows the same picture."""


@dataclass(frozen=True)
class Volume:
    """One run of `bench pages`: how many people there were, and milliseconds by name and key."""

    source: Path
    people: int
    times: dict[str, dict[str, float]]
    over: tuple[str, ...]
    offices: dict[str, int]
    """How many people the office had, for what shows an office."""

    def is_over(self, name: str, key: str) -> bool:
        """Whether the run said that this time exceeds its budget."""
        return any(text.startswith(f"{name}: {key.removesuffix('_ms')} ") for text in self.over)


def run(options: argparse.Namespace) -> int:
    """Print the table of `options.files` (markdown) and draw the plot to `options.out`; return 0.

    Raises Problem when the files do not belong together, or the plot can't be written.
    """
    volumes = read_all(options.files)
    drawing = draw(volumes)
    try:
        options.out.write_text(drawing, encoding="utf-8")
    except OSError as error:
        raise Problem(f"The plot cannot be written to {options.out}: {error.strerror}.") from None
    print("\n".join(table(volumes)))
    print(f"The plot is {options.out}.", file=sys.stderr)
    return 0


def read_all(files: Sequence[Path]) -> list[Volume]:
    """Read the files, smallest country first. Raises Problem unless they tell the same of different sizes."""
    if len(files) < 2:
        raise Problem("Growth needs at least two files, of databases of different size.")
    volumes = sorted((read(file) for file in files), key=lambda volume: volume.people)
    for smaller, larger in itertools.pairwise(volumes):
        if smaller.people == larger.people:
            raise Problem(
                f"{smaller.source} and {larger.source} are both of {larger.people} people: give one of them."
            )
        unlike = set(smaller.times) ^ set(larger.times)
        if unlike:
            raise Problem(
                f"{smaller.source} and {larger.source} do not measure the same: "
                f"only one of them has {', '.join(sorted(unlike))}."
            )
    return volumes


def read(file: Path) -> Volume:
    """Read one file. Raises Problem when it is not the whole output of one `bench pages`."""
    hint = f"save the whole output: ./dap bench pages > {file}"
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Problem(f"{file} is not text; {hint}.") from None
    times: dict[str, dict[str, float]] = {}
    offices: dict[str, int] = {}
    summaries = []
    for number, line in enumerate(text.splitlines(), start=1):
        found = _object(line)
        if found is None or not isinstance(found.get("name"), str):
            raise Problem(f"{file}, line {number}, is not a measurement; {hint}.")
        name = str(found["name"])
        if name == "summary":
            summaries.append(found)
            continue
        measured = {key: _milliseconds(found.get(key)) for key in LINES.values()}
        if name in times or None in measured.values():
            what = "a second time" if name in times else f"without {' and '.join(LINES.values())}"
            raise Problem(f"{file}, line {number}, has {name} {what}; {hint}.")
        times[name] = {key: value for key, value in measured.items() if value is not None}
        if isinstance(size := found.get("office_people"), int):
            offices[name] = size
    if len(summaries) != 1:
        count = "several summaries" if summaries else "no summary (was the run interrupted?)"
        raise Problem(f"{file} has {count}; {hint}.")
    people, over = summaries[0].get("people"), summaries[0].get("over")
    if type(people) is not int or people < 1 or not isinstance(over, list):
        raise Problem(f"The summary in {file} does not tell people and over; {hint}.")
    if not times:
        raise Problem(f"{file} has no times; {hint}.")
    return Volume(file, people, times, tuple(str(one) for one in over), offices)


def table(volumes: Sequence[Volume]) -> list[str]:
    """The lines of a markdown table: what was measured, by size; a bold time is over its budget."""
    rows = [
        ["ms, median / 95th percentile", *(f"{volume.people:,} people" for volume in volumes)],
        ["---", *("--:" for _ in volumes)],
        *([name, *(_cell(volume, name) for volume in volumes)] for name in volumes[0].times),
    ]
    return [f"| {' | '.join(row)} |" for row in rows]


def draw(volumes: Sequence[Volume]) -> str:
    """Draw a small plot for each thing measured, as one SVG without script or anything fetched.

    Both axes are logarithmic and the same in all: what does not grow is level, and what grows in step
    with the people climbs as far as it goes to the right.
    """
    panels = [_panel(volumes, name) for name in volumes[0].times]
    chart = (
        alt.concat(*panels, columns=COLUMNS, spacing=18)
        .properties(background="white", padding=12, title="Milliseconds by the number of people")
        .configure(font="sans-serif")
        .configure_title(color=INK, fontSize=12)
        .configure_axis(labelColor=INK, titleColor=INK, gridColor=RULES, domainColor=RULES, tickColor=RULES)
        .configure_legend(labelColor=INK, labelFontSize=12)
        .configure_view(stroke=RULES)
    )
    return str(vl_convert.vegalite_to_svg(chart.to_json(validate=False))) + "\n"


def _panel(volumes: Sequence[Volume], name: str) -> alt.Chart:
    sizes = [volume.people for volume in volumes]
    longest = max(ms for volume in volumes for times in volume.times.values() for ms in times.values())
    decades = [10**power for power in range(max(2, math.ceil(math.log10(longest))) + 1)]
    values = [
        {"people": volume.people, "ms": max(volume.times[name][key], 1), "line": label}
        for volume in volumes
        for label, key in LINES.items()
    ]
    kinds = list(LINES)
    legend = alt.Legend(title=None, orient="top", symbolType="stroke", symbolSize=400)
    people = alt.Scale(type="log", domain=[sizes[0] / 1.5, sizes[-1] * 1.5], nice=False)
    milliseconds = alt.Scale(type="log", domain=[decades[0], decades[-1]])
    dashes = alt.Scale(domain=kinds, range=[[1, 0], [5, 3]])
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=values), title=name)
        .mark_line(point=alt.OverlayMarkDef(size=30), strokeWidth=2)
        .encode(
            x=alt.X(
                "people:Q", title=None, scale=people, axis=alt.Axis(values=sizes, format=",", grid=False)
            ),
            y=alt.Y("ms:Q", title=None, scale=milliseconds, axis=alt.Axis(values=decades, format=",")),
            color=alt.Color("line:N", scale=alt.Scale(domain=kinds, range=COLOURS), legend=legend),
            strokeDash=alt.StrokeDash("line:N", scale=dashes, legend=legend),
        )
        .properties(width=PANEL[0], height=PANEL[1])
    )
    return chart


def _object(line: str) -> dict[str, object] | None:
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def _milliseconds(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _cell(volume: Volume, name: str) -> str:
    parts = (
        f"**{ms:.0f}**" if volume.is_over(name, key) else f"{ms:.0f}"
        for key, ms in volume.times[name].items()
    )
    office = volume.offices.get(name)
    return " / ".join(parts) + (f" (office of {office:,})" if office else "")
