"""The load's own processes: visits arrive at random times, whether or not the server keeps up.

An open loop: when a visit arrives is drawn beforehand (a Poisson process), and a request's latency counts
from when it was due, so that waiting for a free connection, or for a slow server, is part of it. Within a
visit a person goes on some moments after the last answer. No Django here.
"""

import heapq
import itertools
import multiprocessing
import queue
import random
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from dap.bench import mix
from dap.bench.client import Answer, Browser
from dap.bench.visits import VISITS, Ask, Crowd, Staff, Visit
from dap.core.problem import Problem

PROCESSES = 2
CONNECTIONS = 64
"""Of each process, kept open; a request that is due while all are busy waits, and the wait counts."""
IDLE_SECONDS = 10
"""A connection that was idle for longer is opened anew: the server closes those of 30 seconds."""
PAUSE_SECONDS = (0.25, 0.75)
"""Between an answer and the next request of a visit. Shorter than people's, which changes no rate: a visit's
requests only come closer together."""


@dataclass(frozen=True)
class Span:
    """So many seconds at `factor` times the mix."""

    factor: float
    seconds: float


@dataclass(frozen=True)
class Done:
    """A request: its name in the mix, when it was due and answered (monotonic seconds), what went wrong."""

    label: str
    due: float
    ended: float
    fault: str = ""

    @property
    def latency(self) -> float:
        """Seconds from when it was due to the answer's last byte."""
        return self.ended - self.due


@dataclass
class _Going:
    """A visit under way, and what it asks next."""

    visit: Visit
    ask: Ask


class Visitors:
    """The visitors of one process: a dispatcher, and a thread for each connection."""

    def __init__(self, port: int, staff: Sequence[Staff], seed: str, share: float) -> None:
        self._port = port
        self._share = share
        self._rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
        self._crowd = Crowd(staff, random.Random(f"{seed} crowd"))  # noqa: S311 - as above
        self._ready: queue.SimpleQueue[tuple[float, _Going]] = queue.SimpleQueue()
        self._changed = threading.Condition()  # guards all below
        self._heap: list[tuple[float, int, str | _Going]] = []
        self._order = itertools.count()
        self._until = 0.0
        self._open = 0
        self._done: list[Done] = []
        for _ in range(CONNECTIONS):
            threading.Thread(target=self._work, daemon=True).start()

    def run(self, begin: float, spans: Sequence[Span]) -> list[Done]:
        """Let visits arrive in these spans, one after the other from `begin`, and return every request.

        Returns when each request that was due has been answered; what visits would ask later is dropped.
        """
        with self._changed:
            self._done = []
            self._until = begin + sum(span.seconds for span in spans)
            self._heap = [(due, next(self._order), name) for due, name in self.arrivals(begin, spans)]
            heapq.heapify(self._heap)
            self._dispatch()
            return self._done

    def arrivals(self, begin: float, spans: Sequence[Span]) -> list[tuple[float, str]]:
        """When which visit begins: this process's share of the mix, at random times (monotonic seconds)."""
        names = [line.visit for line in mix.MIX]
        weights = [line.per_second for line in mix.MIX]
        found = []
        for span in spans:
            rate = mix.visits_per_second() * span.factor * self._share
            at = begin + self._rng.expovariate(rate)
            while at < begin + span.seconds:
                found.append((at, self._rng.choices(names, weights)[0]))
                at += self._rng.expovariate(rate)
            begin += span.seconds
        return found

    def _dispatch(self) -> None:
        """Hand each request to a free connection when it is due, until all are answered."""
        while self._heap or self._open:
            wait = self._heap[0][0] - time.monotonic() if self._heap else None
            if wait is None or wait > 0:
                self._changed.wait(wait)
                continue
            due, _, left = heapq.heappop(self._heap)
            going = self._begin(left) if isinstance(left, str) else left
            if going:
                self._open += 1
                self._ready.put((due, going))

    def _begin(self, name: str) -> _Going | None:
        visit = VISITS[name](self._crowd)
        first = next(visit, None)
        return _Going(visit, first) if first else None

    def _work(self) -> None:
        browser = Browser(self._port)
        used = 0.0
        while True:
            due, going = self._ready.get()
            if time.monotonic() - used > IDLE_SECONDS:
                browser.close()
            label = going.ask.label
            answer, fault = _ask(browser, going.ask)
            used = ended = time.monotonic()
            follows = None
            if answer:
                follows, fault = _next(going.visit, answer)
            with self._changed:
                self._done.append(Done(label, due, ended, fault))
                self._open -= 1
                after = ended + self._rng.uniform(*PAUSE_SECONDS)
                if follows and after < self._until:
                    going.ask = follows
                    heapq.heappush(self._heap, (after, next(self._order), going))
                else:
                    going.visit.close()
                self._changed.notify()


def _ask(browser: Browser, ask: Ask) -> tuple[Answer | None, str]:
    """The answer, or None and what went wrong."""
    browser.cookies = ask.who  # the person's own, on a connection that others use too, as behind a proxy
    try:
        if ask.fields is None:
            return browser.get(ask.path, htmx=ask.htmx, expect=ask.expect), ""
        return browser.post(ask.path, ask.fields, htmx=ask.htmx, expect=ask.expect), ""
    except Problem as problem:
        return None, str(problem)


def _next(visit: Visit, answer: Answer) -> tuple[Ask | None, str]:
    """What the visit asks next, None at its end; and what it missed in the answer."""
    try:
        return visit.send(answer), ""
    except StopIteration:
        return None, ""
    except (Problem, KeyError) as missing:
        return None, f"{missing} ({type(missing).__name__} in what was answered)"


_GONE = "A process of the load ended unexpectedly; what it printed says why."


class Processes:
    """All visitors, in processes of their own. Use as a context manager. Raises Problem when one ends."""

    def __init__(self, port: int, staff: Sequence[Staff], seed: int) -> None:
        spawn = multiprocessing.get_context("spawn")  # a fork would share our database connections
        count = min(PROCESSES, len(staff))
        self._pipes: list[Connection] = []
        self._processes = []
        for number in range(count):
            ours, theirs = spawn.Pipe()
            arguments = (theirs, port, staff[number::count], f"{seed} {number}", 1 / count)
            process = spawn.Process(target=_visit, args=arguments, daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    @property
    def pids(self) -> list[int]:
        """Their numbers."""
        return [process.pid for process in self._processes if process.pid]

    def begin(self, begin: float, spans: Sequence[Span]) -> None:
        """Let visits arrive in these spans from `begin` on (monotonic seconds); then `collect`."""
        for pipe in self._pipes:
            try:
                pipe.send((begin, list(spans)))
            except OSError:
                raise Problem(_GONE) from None

    def collect(self) -> list[Done]:
        """Wait until all is answered; every request, by when it was due."""
        try:
            found: list[Done] = [done for pipe in self._pipes for done in pipe.recv()]
        except (EOFError, OSError):
            raise Problem(_GONE) from None
        return sorted(found, key=lambda done: done.due)

    def wait_until_ready(self) -> None:
        """Return when all are there."""
        self.begin(time.monotonic(), [])
        self.collect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.terminate()
            process.join()


def _visit(pipe: Connection, port: int, staff: Sequence[Staff], seed: str, share: float) -> None:
    """What each process runs: spans in, requests out, until the benchmark ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the benchmark, and that ends us
    visitors = Visitors(port, staff, seed, share)
    while True:
        try:
            begin, spans = pipe.recv()
            pipe.send(visitors.run(begin, spans))
        except (EOFError, OSError):  # the benchmark is gone
            return
