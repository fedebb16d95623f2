"""How far long work has come: a line that rewrites itself on a terminal, else a line now and then."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TextIO

LINE_SECONDS = 10.0  # between two lines where they cannot be rewritten


@dataclass
class _Work:
    """One thing that is being done; `total` 0 is unknown."""

    what: str
    total: int
    unit: str
    already: int
    began: float
    done: int = 0

    def line(self, now: float) -> str:
        seconds = now - self.began
        if not self.total:
            return f"{self.what}: {seconds:.0f} s"
        text = f"{self.what}: {self.already + self.done:,} of {self.total:,} {self.unit}"
        if not self.done:
            return f"{text}, {seconds:.0f} s"
        rate = self.done / seconds
        left = (self.total - self.already - self.done) / rate
        return f"{text}, {rate:,.0f} a second, about {_span(left)} left"

    def end(self, now: float) -> str:
        count = f"{self.done:,} {self.unit} in " if self.total else ""
        return f"{self.what}: {count}{now - self.began:.1f} s"


class Progress:
    """Shows work on `out` from a thread of its own. Use as a context manager; calls `watch` every second."""

    def __init__(self, out: TextIO, watch: Callable[[], None]) -> None:
        self._out = out
        self._watch = watch
        self._rewrites = out.isatty()
        self._work: _Work | None = None
        self._shown = 0.0
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="dap-progress", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join()
        if error is None:
            self._close()
        elif self._rewrites:
            self._print("\n")

    def tell(self, what: str, total: int, unit: str, already: int) -> Callable[[int], None]:
        """Say what is begun; the result counts some more as done. What was told before has ended."""
        self._close()
        now = time.monotonic()
        work = _Work(what, total, unit, already, now)
        with self._lock:
            self._work, self._shown = work, now

        def done(count: int) -> None:
            with self._lock:
                work.done += count

        return done

    def _close(self) -> None:
        with self._lock:
            if self._work:
                self._print(self._finished(self._work.end(time.monotonic())))
            self._work = None

    def _run(self) -> None:
        while not self._ending.wait(1):
            self._watch()
            now = time.monotonic()
            with self._lock:
                if self._work and self._rewrites:
                    self._print("\r" + self._work.line(now).ljust(78))
                elif self._work and now - self._shown >= LINE_SECONDS:
                    self._shown = now
                    self._print(self._work.line(now) + "\n")

    def _finished(self, text: str) -> str:
        return "\r" + text.ljust(78) + "\n" if self._rewrites else text + "\n"

    def _print(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def _span(seconds: float) -> str:
    """A time from now in words that do not pretend to know more."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes"
