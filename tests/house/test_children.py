"""Processes below the demo: restarted with back-off, and never left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dap.cli import server
from dap.cli.children import Restarts
from dap.cli.demo import secret
from dap.cli.testing import find_chromium
from dap.core.problem import Problem


def test_restarts_wait_longer_each_time_and_then_give_up() -> None:
    restarts = Restarts("The web")
    assert [restarts.next_delay(float(second)) for second in range(5)] == [1, 2, 4, 8, 8]
    with pytest.raises(Problem, match="The web stopped 6 times within a minute"):
        restarts.next_delay(30)


def test_a_restart_now_and_then_is_no_trouble() -> None:
    restarts = Restarts("The web")
    assert {restarts.next_delay(minute * 61.0) for minute in range(20)} == {1}


def test_a_child_ends_when_its_parent_was_killed() -> None:
    child = (
        "import os, time; from dap.cli import parent;"
        "parent.follow(); print(os.getpid(), flush=True); time.sleep(60)"
    )
    middle = (
        "import os, subprocess, sys, time; environment = os.environ | {'DAP_PARENT': str(os.getpid())};"
        "subprocess.Popen([sys.executable, '-c', sys.argv[1]], env=environment);"
        "time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", middle, child], stdout=subprocess.PIPE)
    assert process.stdout
    pid = int(process.stdout.readline())
    process.kill()
    process.wait()
    # The pipe closes when its last holder, the child, is gone.
    os.set_blocking(process.stdout.fileno(), False)
    deadline = time.monotonic() + 5
    while process.stdout.read(1) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert time.monotonic() < deadline, f"process {pid} is still there"
    process.stdout.close()


def test_a_taken_port_is_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Problem, match=f"Port {port} is taken by another program"):
            server.check_port("127.0.0.1", port)
    server.check_port("127.0.0.1", port)


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    first = secret(tmp_path / "secret")
    assert len(first) >= 50
    assert secret(tmp_path / "secret") == first
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_chromium_is_the_one_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "chrome"
    monkeypatch.setenv("DAP_CHROMIUM", str(program))
    with pytest.raises(Problem, match="which is not a program"):
        find_chromium()
    program.write_text("", encoding="utf-8")
    program.chmod(0o755)
    assert find_chromium() == str(program)


def test_playwrights_chromium_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "chromium-1200/chrome-linux64/chrome"
    program.parent.mkdir(parents=True)
    program.write_text("", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.delenv("DAP_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert find_chromium() == str(program)


def test_sigterm_ends_a_command_in_order() -> None:
    script = (
        "import sys, time; from dap import cli; from dap.cli import data\n"
        "def wait(options):\n"
        "    try: print('ready', flush=True); time.sleep(60)\n"
        "    finally: print('cleaned up', flush=True)\n"
        "data.check = wait\n"
        "sys.exit(cli.main(['check']))"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=10)[0] == b"cleaned up\n"
    assert process.returncode == 143
