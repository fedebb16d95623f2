"""`./dap bench pages`: each page and act for many people, one client, against the cost of its bare SQL.

Over HTTP first, as people have it: the production server, loopback, to the last byte with gzip. Then the same
request for the same people within this process, where its statements are seen, and those statements alone.
What a first look adds (marks of what was read) is in the times; the statements are those of the second look.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

from django.db import transaction
from django.test import Client

from dap.bench import counting, figures
from dap.bench.client import HOST, Answer, Browser
from dap.bench.figures import Figure, percentile
from dap.bench.journeys import JOURNEYS, Journey, Kind, Look, send
from dap.bench.subjects import Subjects
from dap.core.problem import Problem

WARM_UPS = 20
P95_MS = {Kind.PAGE: 100.0, Kind.OVERVIEW: 150.0, Kind.ACT: 100.0}
FLOOR_FACTOR, FLOOR_MS = 3, 15
"""A page's median is at most so many times its floor, and so many milliseconds (DESIGN.md section 6)."""


class Inside:
    """A visitor whose requests go through Django's own handler in this process."""

    def __init__(self, cookie: str) -> None:
        self._client = Client(SERVER_NAME=HOST)
        name, _, value = cookie.partition("=")
        self._client.cookies[name] = value

    def get(self, path: str, *, htmx: bool = False) -> Answer:
        """Read a page. Raises Problem when there is none."""
        return self._answer(self._client.get(path, headers=_headers(htmx)))

    def post(self, path: str, fields: Mapping[str, str], *, htmx: bool = False) -> Answer:
        """Post a form. Raises Problem when it is refused."""
        return self._answer(self._client.post(path, fields, headers=_headers(htmx)))

    def _answer(self, response: Any) -> Answer:
        if response.status_code not in (200, 303):
            raise Problem(f"A request within the process answered {response.status_code}.")
        headers = {name.lower(): value for name, value in response.items()}
        return Answer(response.status_code, 0.0, response.content, len(response.content), headers)


@dataclass(frozen=True)
class Inner:
    """What one request sends to the database, and the milliseconds that its own statements cost bare."""

    own: int
    frame: int
    floor_ms: float


def run(port: int, options: argparse.Namespace) -> list[Figure]:
    """Measure the journeys of `options.only`, or all; prints a line for each. Raises Problem."""
    chosen = [one for one in JOURNEYS if not options.only or one.name in options.only]
    unknown = sorted(set(options.only) - {one.name for one in JOURNEYS})
    if unknown:
        known = ", ".join(one.name for one in JOURNEYS)
        raise Problem(f"There is nothing called {', '.join(unknown)} to measure: choose among {known}.")
    measured = []
    with Subjects(options.seed) as subjects:
        for number, journey in enumerate(chosen, 1):
            print(f"{number} of {len(chosen)}: {journey.name} …", file=sys.stderr, flush=True)
            figure = measure(journey, subjects, port, options.count)
            figures.emit(figure)
            measured.append(figure)
    return measured


def measure(journey: Journey, subjects: Subjects, port: int, count: int) -> Figure:
    """One journey for `count` people after the warm-ups."""
    looks = journey.looks(subjects, WARM_UPS + count)
    answers = _over_http(looks, port)[WARM_UPS:]
    writes = journey.kind is Kind.ACT
    inside = _inside(looks[WARM_UPS:], writes=writes)
    times = [answer.seconds * 1000 for answer in answers]
    middle, floor = median(times), median(one.floor_ms for one in inside)
    return Figure(
        name=journey.name,
        median_ms=round(middle, 2),
        p95_ms=round(percentile(times, 95), 2),
        statements=max(one.own for one in inside),
        frame_statements=max(one.frame for one in inside),
        floor_ms=round(floor, 2),
        ratio=round(middle / floor, 2),
        bytes_gzip=round(median(answer.bytes_gzip for answer in answers)),
        items=len(times),
        extra={"kind": str(journey.kind), **journey.about(subjects)},
        p95_budget_ms=P95_MS[journey.kind],
        median_budget_ms=None if writes else round(FLOOR_FACTOR * floor + FLOOR_MS, 2),
        statements_budget=None if writes else counting.OWN,
        frame_budget=None if writes else counting.FRAME,
    )


def _over_http(looks: Sequence[Look], port: int) -> list[Answer]:
    """The measured answers, in order: one connection for all, each visitor with cookies of their own."""
    browser = Browser(port)
    answers = []
    try:
        for look in looks:
            browser.take_session(look.cookie)
            ask = look.prepare(browser)
            answer = send(browser, ask)
            answers.append(answer)
            if ask.undo:
                send(browser, ask.undo(answer))
    finally:
        browser.close()
    return answers


def _inside(looks: Sequence[Look], *, writes: bool) -> list[Inner]:
    """The same requests in this process; an act is rolled back, so that its statements can be sent again."""
    found = []
    with counting.bare_connection() as bare:
        for look in looks:
            visit = Inside(look.cookie)
            ask = look.prepare(visit)
            with transaction.atomic() if writes else nullcontext():
                sent = counting.split(counting.statements_of(partial(send, visit, ask)))
                if writes:
                    transaction.set_rollback(True)
            seconds = counting.floor_seconds(bare, sent.own, writes=writes)
            found.append(Inner(len(sent.own), len(sent.frame), seconds * 1000))
    return found


def _headers(htmx: bool) -> dict[str, str]:
    return {"HX-Request": "true"} if htmx else {}
