"""Lock, folders and socket of the embedded PostgreSQL: no server."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dap.core import pg_files
from dap.core.pg_files import Account, Busy, Lock, socket_folder
from dap.core.problem import Problem

ME = Account("me", os.geteuid(), os.getegid())


def test_the_second_holder_learns_who_the_first_is(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    first.take("port 8000")
    with pytest.raises(Busy, match=rf"process {os.getpid()}, port 8000, since \d{{4}}-") as caught:
        second.take()
    assert "port 8000" in caught.value.holder
    first.release()
    second.take()
    second.release()


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from dap.core.pg_files import Lock;"
        "Lock(Path(sys.argv[1])).take(); print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", script, tmp_path / "lock"], stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"held\n"
    lock = Lock(tmp_path / "lock")
    with pytest.raises(Busy):
        lock.take()
    process.kill()
    process.communicate()
    lock.take()
    lock.release()


@pytest.mark.parametrize("part", ["a" * 100, "with space", "comma,comma", "blåbær"])
def test_a_long_or_odd_path_gets_a_private_short_socket_folder(tmp_path: Path, part: str) -> None:
    server = tmp_path / part
    server.mkdir()
    folder = socket_folder(server, ME)
    assert len(os.fsencode(folder)) <= pg_files.SOCKET_FOLDER_LIMIT
    assert re.fullmatch(r"[A-Za-z0-9/._-]+", str(folder))
    assert folder.stat().st_mode & 0o777 == 0o700
    assert socket_folder(server, ME) == folder, "found again"
    folder.rmdir()


def test_a_socket_folder_that_others_may_enter_is_not_used_again(tmp_path: Path) -> None:
    server = tmp_path / "with space"
    server.mkdir()
    opened = socket_folder(server, ME)
    opened.chmod(0o755)
    again = socket_folder(server, ME)
    assert again != opened
    for folder in (opened, again):
        folder.rmdir()


def test_a_short_path_keeps_its_socket_beside_the_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pg_files, "SOCKET_FOLDER_LIMIT", 200)  # the test's own folder may be deep
    assert socket_folder(tmp_path, ME) == tmp_path / "socket"


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "server").mkdir()
    with pytest.raises(Problem, match="belongs to another user"):
        pg_files.make_private(tmp_path / "server", Account("other", os.geteuid() + 1, os.getegid()))


def test_reachable_means_every_folder_on_the_way(folder: Path) -> None:
    inner = folder / "closed" / "inner"
    inner.mkdir(parents=True)
    assert pg_files.reachable_by_others(inner)
    assert pg_files.reachable_by_others(inner / "not yet there")
    (folder / "closed").chmod(0o700)
    assert not pg_files.reachable_by_others(inner)


def test_processes_are_found_by_where_they_stand(tmp_path: Path) -> None:
    assert pg_files.processes_in(tmp_path) == set()
    process = subprocess.Popen(["sleep", "60"], cwd=tmp_path)
    assert pg_files.processes_in(tmp_path) == {process.pid}
    process.kill()
    process.wait()
    assert pg_files.processes_in(tmp_path) == set()
