"""`./dap seed` as it is run: what it refuses, what it prints, and that it goes on after a kill."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import psycopg
import pytest

from dap.cli import data, demo, seed, server
from dap.cli.commands import build_parser
from dap.cli.progress import Progress
from dap.core import clock
from dap.core.database import ensure_roles
from dap.core.pg import Cluster
from dap.core.problem import Problem

PEOPLE = 2100  # two chunks, so that a kill can come between
DAP = [sys.executable, "-P", "-m", "dap"]


def own_environment() -> dict[str, str]:
    """Without the suite's database: these make their own."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "DAP_"))}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the data of this folder."""
    return subprocess.run(
        [*DAP, *arguments, "--data", str(folder)],
        check=False, capture_output=True, text=True, env=own_environment(), timeout=300,
    )  # fmt: skip


def seeds(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(folder, "seed", "--people", str(PEOPLE), *arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--people"),
        (["--people", "0"], "0 is not a number of people"),
        (["--people", "-5"], "-5 is not a number of people"),
        (["--people", "mange"], "mange is not a number of people"),
        (["--people", "10000001"], "choose from 1 to 10000000"),
        (["--people", "9", "--seed", "x"], "x is not a seed"),
        (["--people", "9", "--day", "20261120"], "20261120 is not a day"),
        (["--people", "9", "--day", "2026-02-30"], "2026-02-30 is not a day"),
        (["--people", "9", "--day", "1999-01-01"], "2020 or later"),
    ],
)
def test_arguments_that_make_no_sense(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(["seed", *arguments])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_a_day_that_has_not_come_is_refused() -> None:
    options = argparse.Namespace(day=clock.today() + timedelta(days=1))
    with pytest.raises(Problem, match="has not come"):
        seed.run(options)


def test_a_disk_that_is_too_small_is_refused_before_anything_is_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = seed.BYTES_MORE + PEOPLE * seed.BYTES_A_PERSON
    usage = type("Usage", (), {"free": free})
    monkeypatch.setattr(seed.shutil, "disk_usage", lambda _: usage)
    seed._check_disk(folder, PEOPLE)
    with pytest.raises(Problem, match=r"2101 people need about 1\.0 GB more .* and 1\.0 GB are free"):
        seed._check_disk(folder, PEOPLE + 1)
    (folder / "rows").write_bytes(b"x" * seed.BYTES_A_PERSON)
    seed._check_disk(folder, PEOPLE + 1)  # what is there already counts


def test_a_full_disk_is_named_whatever_the_database_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seed.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 0}))
    with pytest.raises(Problem, match="is full: make room"), seed._full_disk_named(folder):
        raise Problem("The database went away.")


@pytest.fixture
def half(folder: Path) -> Path:
    """A folder whose seed was killed while it loaded."""
    program = subprocess.Popen(
        [*DAP, "seed", "--people", str(PEOPLE), "--data", str(folder)],
        env=own_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    lock = folder / "pg/server/data/postmaster.pid"
    deadline = time.monotonic() + 120
    while not begun(folder):
        assert program.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.05)
    program.send_signal(signal.SIGKILL)
    program.wait()
    while lock.exists() and time.monotonic() < deadline:  # the guard stops the server
        time.sleep(0.05)
    return folder


def begun(folder: Path) -> bool:
    """Whether the database remembers a seed."""
    if not (folder / "pg/server/data").exists():  # looking must not make the folder
        return False
    cluster = Cluster(folder / "pg")
    try:
        cluster.attach()
        with psycopg.connect(cluster.url("owner")) as connection:
            return connection.execute("SELECT phase FROM demo_seeding").fetchone() is not None
    except (Problem, psycopg.Error, OSError):
        return False


def test_killed_it_is_refused_by_the_others_goes_on_and_ends(half: Path) -> None:
    for refused in (
        run(half, "check"),
        run(half, "import-case", __file__),
        run(half, "demo", "--port", "18311"),
    ):
        assert refused.returncode == 1
        assert "Go on with ./dap seed --people 2100 --seed 1" in refused.stderr
        assert "Traceback" not in refused.stderr
    other = seeds(half, "--seed", "2")
    assert other.returncode == 1
    assert "Another seed was interrupted here: go on with ./dap seed --people 2100 --seed 1" in other.stderr

    ended = seeds(half)
    assert ended.returncode == 0, ended.stderr
    figures = json.loads(ended.stdout)
    assert (figures["name"], figures["people"]) == ("seed", PEOPLE)
    assert figures["items"]["people_person"] == PEOPLE
    assert figures["peak_mib"] > 10 and figures["disk_mib"] > 10 and figures["seconds"] > 0
    assert "Going on with the interrupted seed (phase load)." in ended.stderr

    again = seeds(half)
    assert (again.returncode, again.stdout) == (0, "")
    assert "2100 people stand here already" in again.stderr
    other = seeds(half, "--seed", "2")
    assert other.returncode == 1
    assert "another volume, that of ./dap seed --people 2100 --seed 1 --day" in other.stderr
    checked = run(half, "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "no difference in 2108 people" in checked.stdout


def test_a_database_with_people_that_no_seed_made_is_left_alone(folder: Path) -> None:
    with Cluster(folder / "pg") as cluster:
        ensure_roles(cluster.url("superuser", "postgres"), "dap", login=True)
        with psycopg.connect(cluster.url("owner")) as connection:
            connection.execute("CREATE TABLE people_person (id int)")
            connection.execute("CREATE TABLE people_office (id int)")
            connection.execute("CREATE TABLE people_counsellor (id int)")
            connection.execute("INSERT INTO people_person VALUES (1), (2), (3)")
    for more in ((), ("--anew",)):
        refused = seeds(folder, *more)
        assert refused.returncode == 1
        assert "not empty: it holds 3 people that no seed made" in refused.stderr
    with Cluster(folder / "pg") as cluster, psycopg.connect(cluster.url("owner")) as connection:
        assert connection.execute("SELECT count(*) FROM people_person").fetchone() == (3,)


def test_every_command_that_needs_a_whole_database_asks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The web and the worker too, on whatever database they are given."""

    def refuse(_url: str) -> None:
        raise Problem("not whole")

    for module in (server, data, demo):
        monkeypatch.setattr(module, "refuse_unfinished", refuse)
    monkeypatch.setattr(server, "check_port", lambda _host, _port: None)
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@/nowhere")
    with pytest.raises(Problem, match="not whole"):
        server.serve(argparse.Namespace(host="127.0.0.1", port=18312, processes=1, access_log=False))
    with pytest.raises(Problem, match="not whole"):
        server.worker(argparse.Namespace())
    with pytest.raises(Problem, match="not whole"):
        demo.prepare_data()
    with pytest.raises(Problem, match="not whole"), data.database(None):
        pass


def test_progress_says_what_how_many_and_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    out = StringIO()
    watched: list[int] = []
    monkeypatch.setattr("dap.cli.progress.LINE_SECONDS", 0.5)
    with Progress(out, lambda: watched.append(1)) as progress:
        done = progress.tell("load", 1000, "people", 400)
        done(300)
        time.sleep(1.3)
        progress.tell("personas", 0, "", 0)
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("load: 700 of 1,000 people, ")
    assert lines[0].endswith(" s left")
    assert [line.rpartition(" in ")[0] for line in lines[1:2]] == ["load: 300 people"]
    assert lines[-1].startswith("personas: 0.")
    assert watched
