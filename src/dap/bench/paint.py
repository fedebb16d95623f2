"""What a person waits for in Chromium: bytes of a first load, paints, and how soon an act answers.

The production server, over loopback. Cold is a browser with an empty cache, warm the same browser
again at once. Each figure is the median of five people, after one that is not counted.
"""

import argparse
import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from playwright.sync_api import Browser, Error

from dap.access.enums import Role
from dap.bench import figures, painted_acts
from dap.bench.devices import DESKTOP, KINDS, OTHER, PHONE, Device, Tab, chromium, visitor
from dap.bench.figures import Figure
from dap.bench.painted_acts import Visit
from dap.bench.subjects import Subjects
from dap.core.problem import Problem

REPETITIONS = 5
CSS_JS_BUDGET = 100_000
"""Bytes of a first load, gzipped, headers with them, the font apart (DESIGN.md section 6)."""
LCP_BUDGET_MS = 1000
"""Largest contentful paint on localhost (DESIGN.md section 6); of the desktop, which nothing slows."""
INP_GOOD_MS = 200
"""What the web calls good (web.dev, Interaction to Next Paint); printed, not a budget of ours."""


@dataclass(frozen=True)
class Place:
    """A page to look at: on which devices, by whom (one more than is counted), and what is done there."""

    name: str
    visits: Sequence[Visit]
    devices: Sequence[Device]
    acts: Mapping[str, Callable[[Tab, Visit], Mapping[str, float]]]


def run(port: int, options: argparse.Namespace) -> list[Figure]:
    """Measure on the server at this port, in the Chromium at `options.chromium`; print each figure's line.

    Cards are moved and messages sent for real. Raises Problem when a page does not answer as it should,
    or the database has too few full plans and long threads.
    """
    measured = []
    with Subjects(options.seed) as subjects:
        found = places(subjects)  # before Playwright, whose event loop Django refuses to work in
        try:
            with chromium(options.chromium) as browser:
                for place in found:
                    for device in place.devices:
                        for figure in _measure(browser, port, place, device):
                            figures.emit(figure)
                            measured.append(figure)
        except Error as error:
            raise Problem(f"Chromium gave up: {error.message.splitlines()[0]}") from None
    return measured


def places(subjects: Subjects) -> list[Place]:
    """The pages of DESIGN.md section 6 that people look at most, each with its visits."""
    count = REPETITIONS + 1
    citizens = [(Role.CITIZEN, one) for one in subjects.people(count)]
    plans = subjects.heavy_plans(count)
    threads = subjects.long_threads(count)
    counsellors, _ = subjects.full_lists(count)
    office = subjects.largest_office()
    plan_cookies = subjects.session_cookies([(Role.CITIZEN, plan.person) for plan in plans])
    thread_cookies = subjects.session_cookies([(Role.CITIZEN, one.person) for one in threads])
    list_cookies = subjects.session_cookies([(Role.COUNSELLOR, one) for one in counsellors])
    return [
        Place(
            "home",
            [Visit(cookie, reverse("start")) for cookie in subjects.session_cookies(citizens)],
            (DESKTOP, PHONE),
            {},
        ),
        Place(
            "plan",
            [
                Visit(cookie, reverse("person:plan", args=[plan.person]), plan.activity)
                for cookie, plan in zip(plan_cookies, plans, strict=True)
            ],
            (DESKTOP, PHONE),
            {"move": painted_acts.move, "filter": painted_acts.filter_board},
        ),
        Place(
            "thread",
            [
                Visit(cookie, reverse("person:thread", args=[one.person, one.thread]))
                for cookie, one in zip(thread_cookies, threads, strict=True)
            ],
            (DESKTOP, PHONE),
            {"send": painted_acts.send},
        ),
        Place("my people", [Visit(cookie, reverse("my_people")) for cookie in list_cookies], (DESKTOP,), {}),
        Place(
            "office's people",
            [Visit(subjects.session_cookie(office.role, office.staff), reverse("office_people"))] * count,
            (DESKTOP,),
            {},
        ),
    ]


def _measure(browser: Browser, port: int, place: Place, device: Device) -> list[Figure]:
    """A cold and a warm load and the acts, each with somebody else's browser; the first one only warms up."""
    found: dict[str, list[Mapping[str, float]]] = defaultdict(list)
    for turn in range(REPETITIONS + 1):
        visit = place.visits[turn % len(place.visits)]
        with visitor(browser, device, port, visit.cookie) as context:
            for what in ("cold", "warm", *place.acts):
                tab = Tab(context, device, f"{place.name} {device.name} {what}")
                values = place.acts[what](tab, visit) if what in place.acts else _load(tab, visit.path)
                tab.page.close()
                if turn:
                    found[what].append(values)
    return [_figure(place.name, device, what, values) for what, values in found.items()]


def _load(tab: Tab, path: str) -> Mapping[str, float]:
    tab.open(path)
    painted = tab.look()
    kinds = {key: float(tab.bytes[key]) for key in (*KINDS.values(), OTHER)}
    return {
        "requests": tab.requests,
        "transfer_bytes": sum(kinds.values()),
        "css_js_bytes": kinds["css_bytes"] + kinds["script_bytes"],
        **kinds,
        **painted,
    }


def _figure(place: str, device: Device, what: str, values: list[Mapping[str, float]]) -> Figure:
    """The median of each key over the repetitions that have it, with what misses its budget."""
    keys = dict.fromkeys(key for one in values for key in one)
    medians = {key: statistics.median(one[key] for one in values if key in one) for key in keys}
    extra: dict[str, object] = {"device": device.name, "repetitions": len(values)}
    extra |= {key: round(value, 3 if key == "cls" else None) for key, value in medians.items()}
    if "inp_ms" in medians:
        extra["inp_good_ms"] = INP_GOOD_MS
    missed = []
    if what == "cold" and medians["css_js_bytes"] > CSS_JS_BUDGET:
        missed.append(f"CSS and JavaScript {medians['css_js_bytes']:.0f} bytes > {CSS_JS_BUDGET} bytes")
    if device is DESKTOP and medians.get("lcp_ms", 0) > LCP_BUDGET_MS:
        missed.append(f"largest contentful paint {medians['lcp_ms']:.0f} ms > {LCP_BUDGET_MS} ms")
    return Figure(f"{place} {device.name} {what}", extra=extra, missed=tuple(missed))
