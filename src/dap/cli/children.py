"""Child processes that are kept alive: started, restarted with back-off, stopped."""

import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable

from dap.cli import parent
from dap.core.problem import Problem

RESTARTS = 5  # in WINDOW seconds; after that something is wrong that a restart does not mend
WINDOW = 60.0
STOP_SECONDS = 15


class Restarts:
    """Counts restarts of one thing: how long to wait before the next, and when to give up."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._times: deque[float] = deque()

    def next_delay(self, now: float) -> float:
        """Record a restart at `now` (monotonic seconds); return the seconds to wait. Raises Problem."""
        while self._times and now - self._times[0] > WINDOW:
            self._times.popleft()
        if len(self._times) >= RESTARTS:
            raise Problem(
                f"{self.name} stopped {RESTARTS + 1} times within a minute; what it printed says why."
            )
        self._times.append(now)
        return float(min(2 ** (len(self._times) - 1), 8))


class Child:
    """A `dap` command that runs below this process and ends with it."""

    def __init__(self, name: str, arguments: list[str], environment: dict[str, str]) -> None:
        self.name = name
        self.arguments = arguments
        self.environment = environment | {parent.VARIABLE: str(os.getpid())}
        self.process: subprocess.Popen[bytes] | None = None
        self._restarts = Restarts(name)
        self._start_at = 0.0

    def start(self) -> None:
        """Start it, in a session of its own: Ctrl-C reaches us, and we stop things in order."""
        command = [sys.executable, "-P", "-m", "dap", *self.arguments]
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            command, env=self.environment, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def alive(self) -> bool:
        """Whether it runs now."""
        return self.process is not None and self.process.poll() is None

    def tend(self, say: Callable[[str], None]) -> None:
        """Restart it if it has died, after its back-off. Raises Problem when it dies too often."""
        if self.alive():
            return
        now = time.monotonic()
        if self.process is not None:
            delay = self._restarts.next_delay(now)
            say(
                f"{self.name} stopped unexpectedly (code {self.process.returncode}); "
                f"starting it again in {delay:.0f} s."
            )
            self.process = None
            self._start_at = now + delay
        elif now >= self._start_at:
            self.start()

    def stop(self) -> None:
        """Ask it to end, and end it after 15 seconds."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
