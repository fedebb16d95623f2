"""The embedded PostgreSQL, for real: started, killed, found again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from dap.core.database import ensure_roles
from dap.core.pg import Cluster
from dap.core.pg_files import Busy, processes_in
from dap.core.problem import Problem


def ask(cluster: Cluster, query: str) -> object:
    with psycopg.connect(cluster.url("superuser", "postgres")) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None


def write(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url("superuser", "postgres")) as connection:
        connection.execute("create table kept as select 42 as answer")


def postmaster(cluster: Cluster) -> int:
    assert cluster.process
    return cluster.process.pid


def test_starts_answers_stops_and_starts_again_quickly(folder: Path) -> None:
    said: list[str] = []
    cluster = Cluster(folder / "pg")
    cluster.start(said.append)
    assert said == ["Making a new database …"]
    assert ask(cluster, "show server_encoding") == "UTF8"
    assert ask(
        cluster,
        "select upper('blåbær') || ' ' || string_agg(n, '' order by n) from unnest('{å,b,ø,A}'::text[]) n",
    ) == ("BLÅBÆR Abåø")
    assert ask(cluster, "show listen_addresses") == "", "no TCP"
    assert ask(cluster, "show fsync") == "on"
    write(cluster)
    cluster.stop()
    assert processes_in(folder / "pg/server/data") == set()
    began = time.monotonic()
    with Cluster(folder / "pg") as again:
        assert time.monotonic() - began < 5
        assert ask(again, "select answer from kept") == 42


def test_only_its_account_may_enter(folder: Path) -> None:
    with Cluster(folder / "pg", fsync=False) as cluster:
        socket = Path(psycopg.conninfo.conninfo_to_dict(cluster.url("web"))["host"])  # type: ignore[arg-type]
        for private in (folder / "pg/server", folder / "pg/server/data", socket):
            assert private.stat().st_mode & 0o777 == 0o700, private


def test_data_outlives_a_killed_postmaster(folder: Path) -> None:
    cluster = Cluster(folder / "pg")
    cluster.start()
    write(cluster)
    os.kill(postmaster(cluster), signal.SIGKILL)
    assert cluster.process
    cluster.process.wait()
    assert not cluster.alive()
    cluster.start()  # the same program goes on
    assert ask(cluster, "select answer from kept") == 42
    cluster.stop()


def test_a_lock_file_with_a_number_that_lives_elsewhere_is_no_hindrance(folder: Path) -> None:
    cluster = Cluster(folder / "pg", fsync=False)
    cluster.start()
    pid_file = folder / "pg/server/data/postmaster.pid"
    text = pid_file.read_text(encoding="utf-8")
    os.kill(postmaster(cluster), signal.SIGKILL)
    cluster.stop()
    # As after a restart of the machine: the number has gone to another process, here our own.
    pid_file.write_text(text.replace(text.split("\n", 1)[0], str(os.getpid()), 1), encoding="utf-8")
    with cluster:
        assert ask(cluster, "select 1") == 1


HOLDER = """
import os, sys, time
from pathlib import Path
from dap.core.pg import Cluster
cluster = Cluster(Path(sys.argv[1]), fsync=False)
cluster.hold("port 8000")
cluster.start()
print(cluster.process.pid, cluster._guard.pid, flush=True)
time.sleep(60)
"""


def hold_elsewhere(home: Path) -> tuple[subprocess.Popen[bytes], int, int]:
    """Start a cluster in another program; return that, the postmaster's number and the guard's."""
    program = subprocess.Popen([sys.executable, "-c", HOLDER, home], stdout=subprocess.PIPE)
    assert program.stdout
    server, guard = program.stdout.readline().split()
    return program, int(server), int(guard)


def wait_for_its_end(folder: Path) -> None:
    """Return when no process of the server is left."""
    deadline = time.monotonic() + 10
    while processes_in(folder / "pg/server/data"):
        assert time.monotonic() < deadline, "the server still runs"
        time.sleep(0.05)


def test_two_programs_at_once_the_second_says_who_holds_it(folder: Path) -> None:
    program, _, _ = hold_elsewhere(folder / "pg")
    with pytest.raises(Busy, match=f"in use by process {program.pid}, port 8000, since"):
        Cluster(folder / "pg").start()
    beside = Cluster(folder / "pg")
    beside.attach()
    assert ask(beside, "select 1") == 1
    program.kill()
    program.communicate()
    wait_for_its_end(folder)


def test_a_killed_program_takes_its_server_with_it(folder: Path) -> None:
    program, _, _ = hold_elsewhere(folder / "pg")
    program.kill()
    program.communicate()
    wait_for_its_end(folder)
    with Cluster(folder / "pg", fsync=False) as cluster:
        assert ask(cluster, "select 1") == 1


@pytest.mark.parametrize("server_too", [False, True])
def test_found_again_when_everything_was_killed(folder: Path, *, server_too: bool) -> None:
    program, server, guard = hold_elsewhere(folder / "pg")
    os.kill(guard, signal.SIGKILL)
    program.kill()
    if server_too:
        os.kill(server, signal.SIGKILL)
    program.communicate()
    said: list[str] = []
    cluster = Cluster(folder / "pg", fsync=False)
    cluster.start(said.append)
    assert ask(cluster, "select 1") == 1
    assert postmaster(cluster) != server
    assert said == ([] if server_too else ["Stopping the database that an earlier run left behind …"])
    cluster.stop()


@pytest.mark.parametrize("name", ["with space, comma and blåbær", "/".join(["deep-folder-name"] * 12)])
def test_odd_and_deep_paths(folder: Path, name: str) -> None:
    with Cluster(folder / name / "pg", fsync=False) as cluster:
        assert ask(cluster, "select 1") == 1
        socket = str(psycopg.conninfo.conninfo_to_dict(cluster.url("web"))["host"])
    assert not Path(socket).exists(), "the folder outside goes with the server"


def test_an_interrupted_initdb_is_done_again(folder: Path) -> None:
    cluster = Cluster(folder / "pg", fsync=False)
    (folder / "pg").mkdir()
    cluster.start()
    cluster.stop()
    (folder / "pg/server/data").rename(folder / "pg/server/data.new")
    (folder / "pg/server/data.new/PG_VERSION").unlink()
    with cluster:
        assert ask(cluster, "select 1") == 1


def test_a_damaged_cluster_is_a_sentence_with_the_reason(folder: Path) -> None:
    cluster = Cluster(folder / "pg", fsync=False)
    cluster.start()
    cluster.stop()
    (folder / "pg/server/data/PG_VERSION").write_text("12\n", encoding="utf-8")
    with pytest.raises(Problem, match=r"PostgreSQL stopped at once \(.*FATAL.*; the log is .*/log\)"):
        cluster.start()
    Cluster(folder / "pg").hold()  # the lock was let go


def test_roles_are_made_once_and_the_web_may_not_make_tables() -> None:
    with Cluster.temporary() as cluster:
        for _ in range(2):
            ensure_roles(cluster.url("superuser", "postgres"), "dap", login=True)
        with psycopg.connect(cluster.url("owner")) as owner:
            owner.execute("create table mine (id int)")
        with psycopg.connect(cluster.url("web")) as web:
            assert web.execute("select current_user").fetchone() == ("dap_web",)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute("create table other (id int)")
            web.rollback()
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute("select * from mine")
        home = cluster.home
    assert not home.exists()
