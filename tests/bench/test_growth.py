"""The table and the plot over several sizes, and what is said of files that do not belong together."""

import argparse
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dap.bench import growth
from dap.core.problem import Problem

NAMES = ("home", "office, by name")


def summary(people: int, over: list[str] | None = None) -> dict[str, object]:
    return {"name": "summary", "people": people, "within_budget": not over, "over": over or []}


def saved(folder: Path, *lines: object, name: str = "") -> Path:
    """A file of these lines; objects are written as JSON."""
    file = folder / (name or f"{len(list(folder.iterdir()))}.jsonl")
    text = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    file.write_text("".join(f"{line}\n" for line in text), encoding="utf-8")
    return file


def measured(
    folder: Path, people: int, *, names: tuple[str, ...] = NAMES, over: list[str] | None = None
) -> Path:
    """What `bench pages` prints when the n-th page takes n times 10 and 20 ms, and 1 ms for 10,000 people."""
    lines = [
        {
            "name": name,
            "median_ms": 10 * n + people / 10_000,
            "p95_ms": 20 * n + people / 10_000,
            "statements": 5,
        }
        for n, name in enumerate(names, start=1)
    ]
    return saved(folder, *lines, summary(people, over))


def test_the_table_has_a_column_for_each_size_smallest_first_and_marks_what_is_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [
        measured(tmp_path, 650_000, over=["office, by name: p95 105 ms > 100 ms"]),
        measured(tmp_path, 6_500),
        measured(tmp_path, 65_000),
    ]
    out = tmp_path / "growth.svg"
    assert growth.run(argparse.Namespace(files=files, out=out)) == 0
    assert capsys.readouterr().out.splitlines() == [
        "| ms, median / 95th percentile | 6,500 people | 65,000 people | 650,000 people |",
        "| --- | --: | --: | --: |",
        "| home | 11 / 21 | 16 / 26 | 75 / 85 |",
        "| office, by name | 21 / 41 | 26 / 46 | 85 / **105** |",
    ]
    drawing = out.read_text(encoding="utf-8")
    tree = ElementTree.fromstring(drawing)
    words = ["".join(one.itertext()) for one in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert {"home", "office, by name", "median", "95th percentile", "6,500", "65,000", "650,000"} <= set(
        words
    )
    tags = {one.tag.rpartition("}")[2] for one in tree.iter()}
    assert not tags & {"script", "image", "style", "foreignObject"}
    assert "white" in {one.get("fill") for one in tree.iter() if one.tag.endswith("}rect")}, (
        "in dark mode too"
    )
    assert growth.draw(growth.read_all(files)) == drawing, "the same figures give the same picture"


def test_each_time_is_a_point_and_a_longer_one_stands_higher(tmp_path: Path) -> None:
    volumes = growth.read_all([measured(tmp_path, 1_000), measured(tmp_path, 1_000_000)])
    height = {
        one.get("aria-label"): float(re.findall(r"[\d.]+", one.get("transform", ""))[1])
        for one in ElementTree.fromstring(growth.draw(volumes)).iter()
        if one.get("aria-roledescription") == "point"
    }
    large = [
        f"people: 1,000,000; ms: {ms}; line: {line}"
        for ms, line in (
            (110, "median"),
            (120, "median"),
            (120, "95th percentile"),
            (140, "95th percentile"),
        )
    ]
    assert len(height) == 8
    assert [height[label] for label in large] == sorted((height[label] for label in large), reverse=True)
    assert height[large[1]] == height[large[2]], "all panels have the same axes"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "no summary"),
        ([{"name": "home", "median_ms": 1, "p95_ms": 2}], "no summary (was the run interrupted?)"),
        ([summary(10), summary(20)], "several summaries"),
        ([summary(10)], "no times"),
        (["Traceback"], "line 1, is not a measurement"),
        (["[1]"], "line 1, is not a measurement"),
        ([{"median_ms": 1, "p95_ms": 2}, summary(10)], "line 1, is not a measurement"),
        ([{"name": "seed", "seconds": 300}, summary(10)], "line 1, has seed without median_ms and p95_ms"),
        ([{"name": "home", "median_ms": "1", "p95_ms": 2}, summary(10)], "has home without"),
        (
            [{"name": "home", "median_ms": 1, "p95_ms": 2}] * 2 + [summary(10)],
            "line 2, has home a second time",
        ),
        (
            [{"name": "home", "median_ms": 1, "p95_ms": 2}, {"name": "summary"}],
            "does not tell people and over",
        ),
        (
            [{"name": "home", "median_ms": 1, "p95_ms": 2}, {**summary(1), "people": 0}],
            "does not tell people",
        ),
    ],
)
def test_what_is_not_the_output_of_a_whole_run_is_told(
    tmp_path: Path, lines: list[object], told: str
) -> None:
    file = saved(tmp_path, *lines)
    with pytest.raises(Problem) as problem:
        growth.read(file)
    assert told in str(problem.value)
    assert str(file) in str(problem.value)
    assert "./dap bench pages >" in str(problem.value)


def test_files_that_do_not_belong_together_are_told_and_nothing_is_drawn(tmp_path: Path) -> None:
    one, same = measured(tmp_path, 6_500), measured(tmp_path, 6_500)
    less = measured(tmp_path, 65_000, names=NAMES[:1])
    out = tmp_path / "growth.svg"
    for files, told in (
        ([one], "at least two files"),
        ([one, same], "are both of 6500 people"),
        ([one, less], "do not measure the same: only one of them has office, by name"),
        ([one, tmp_path / "nowhere"], "cannot be read: No such file"),
        ([one, tmp_path], "cannot be read: Is a directory"),
    ):
        with pytest.raises(Problem) as problem:
            growth.run(argparse.Namespace(files=files, out=out))
        assert told in str(problem.value)
    assert not out.exists()
    noise = tmp_path / "noise"
    noise.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Problem, match="is not text"):
        growth.read(noise)


def test_a_plot_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [measured(tmp_path, 10), measured(tmp_path, 100)]
    with pytest.raises(Problem, match=r"cannot be written to .*: No such file"):
        growth.run(argparse.Namespace(files=files, out=tmp_path / "missing" / "growth.svg"))
    assert capsys.readouterr().out == ""
