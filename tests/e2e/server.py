"""The production server and the worker as processes of their own, on the run's own database."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.conftest import address

HOST = "127.0.0.1"
PORTS = range(18140, 18160)
"""Below the ports that a system hands out, so that nobody takes ours while the server is down."""
SOURCES = str(Path(__file__).parents[2] / "src")


def free_port() -> int:
    """The first port of ours that nobody listens on."""
    for port in PORTS:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return port
    raise AssertionError("no free port for the browser tests")


class Command:
    """A `dap` command that runs beside the tests and can be stopped and started again."""

    def __init__(self, *arguments: str) -> None:
        self.arguments = arguments
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
        kept.pop("DAP_TESTING", None)  # as in production: with the pool
        environment = kept | {"DATABASE_URL": address("web"), "DAP_DEMO": "1", "PYTHONPATH": SOURCES}
        command = [sys.executable, "-m", "dap", *self.arguments]
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=20)
            self.process = None

    def kill(self) -> None:
        """As when the machine loses its power."""
        assert self.process
        self.process.kill()
        self.process.wait(timeout=5)
        self.process = None


class Web(Command):
    """The web server."""

    def __init__(self) -> None:
        self.port = free_port()
        self.address = f"http://{HOST}:{self.port}"
        super().__init__("serve", "--host", HOST, "--port", str(self.port))

    def start(self) -> None:
        super().start()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            assert self.process
            assert self.process.poll() is None, "the server ended while starting"
            with contextlib.suppress(OSError):
                opener.open(f"{self.address}/logg-inn", timeout=5).close()
                return
            time.sleep(0.05)
        raise AssertionError("the server did not answer")

    def kill(self) -> None:
        """Granian's worker is a child of the process; it listens, so it must go too."""
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        workers = [int(pid) for pid in children.read_text().split()] if children.exists() else []
        super().kill()
        for pid in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, 9)
        deadline = time.monotonic() + 5
        while _listens(self.port) and time.monotonic() < deadline:
            time.sleep(0.02)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
