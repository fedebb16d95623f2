"""`./dap bench`: what is refused, each with a sentence."""

from pathlib import Path

import pytest
from django.utils import timezone

from dap.cli import bench, main
from dap.cli.commands import build_parser
from dap.core import clock
from dap.core.database import OWNER, WEB
from dap.core.problem import Problem
from dap.demo.models import Seeding

from ..conftest import address, use_role


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The sentence of a command that ends with 1."""
    assert main(["bench", *arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


def test_without_a_database_it_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "fill one with ./dap seed --people" in refused(capsys, "pages", "--data", str(tmp_path))


def test_settings_are_for_the_embedded_server_and_are_name_and_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", address(WEB))
    assert "--set is for the embedded server" in refused(capsys, "pages", "--set", "work_mem=16MB")
    assert bench.server_settings(["work_mem=16MB", " jit = off"]) == {"work_mem": "16MB", "jit": "off"}
    for wrong in ("work_mem", "=4", "jit="):
        with pytest.raises(Problem, match="write NAME=VALUE"):
            bench.server_settings([wrong])


def test_a_database_that_seed_has_not_filled_is_left_alone(
    committed: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", address(WEB))
    assert "was not filled by ./dap seed" in refused(capsys, "pages")


def test_a_seed_that_is_not_finished_is_not_measured(
    committed: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use_role(OWNER)
    try:
        Seeding.objects.create(
            people=4000, seed=7, day=clock.today(), started_at=timezone.now(), phase="rebuild"
        )
    finally:
        use_role(WEB)
    monkeypatch.setenv("DATABASE_URL", address(WEB))
    assert "./dap seed --people 4000 --seed 7" in refused(capsys, "pages")


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["pages", "--count", "0"], "0 is not a number from 1"),
        (["pages", "--count", "mange"], "mange is not a number"),
        (["pages", "--processes", "-1"], "-1 is not a number"),
        (["pages", "--port", "99999"], "99999 is not a port"),
        (["growth"], "FILE"),
        ([], "NAME"),
        (["speed"], "invalid choice"),
    ],
)
def test_wrong_options_are_told_by_the_command_line(
    arguments: list[str], fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        build_parser().parse_args(["bench", *arguments])
    assert stopped.value.code == 2 and fault in capsys.readouterr().err
