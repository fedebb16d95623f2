"""Chromium's count of what travels and its clock, against a small server of its own; budgets and places."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from dap.bench import paint
from dap.bench.devices import DESKTOP, PHONE, Device, Tab, chromium, visitor
from dap.bench.painted_acts import Hand
from dap.bench.subjects import Subjects
from dap.cli.bootstrap import needs_test_packages
from dap.cli.testing import find_chromium
from dap.core.problem import Problem

from ..factories import House

STYLE, SCRIPT, PAUSE = 20_000, 30_000, 0.15
PAGE = """<!doctype html><meta name="viewport" content="width=device-width"><title>Prøve</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css"><script src="/script.js" defer></script>
<h1>Overskrift</h1><button id="here">Her</button><a id="away" href="/next">Videre</a>
<p id="seen"></p>"""
ACT = """document.getElementById("here").addEventListener("click", () => setTimeout(() => {
    document.getElementById("seen").innerHTML = "<b id='done'>Ferdig</b>";
}, 100));"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path
        if path == "/next":
            time.sleep(PAUSE)
        kind, body = {
            "/": ("text/html; charset=utf-8", PAGE),
            "/next": ("text/html", "<!doctype html><title>Neste</title><h1 id='arrived'>Framme</h1>"),
            "/style.css": ("text/css", "/*" + "x" * (STYLE - 4) + "*/"),
            "/script.js": ("text/javascript", ACT + "/*" + "x" * (SCRIPT - len(ACT) - 4) + "*/"),
        }.get(path, ("text/html", "<!doctype html><title>Nei</title>"))
        if path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "/next")
        else:
            self.send_response(404 if path == "/missing" else 200)
        data = body.encode()
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store" if kind.startswith("text/html") else "max-age=60")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium(find_chromium()) as found:
        yield found


def test_places_are_the_pages_of_the_design_with_somebody_to_look(full: House, subjects: Subjects) -> None:
    found = {place.name: place for place in paint.places(subjects)}
    assert {name: [device.name for device in place.devices] for name, place in found.items()} == {
        "home": ["desktop", "phone"],
        "plan": ["desktop", "phone"],
        "thread": ["desktop", "phone"],
        "my people": ["desktop"],
        "office's people": ["desktop"],
    }
    assert {name: sorted(place.acts) for name, place in found.items() if place.acts} == {
        "plan": ["filter", "move"],
        "thread": ["send"],
    }
    for place in found.values():
        assert len(place.visits) == paint.REPETITIONS + 1
    plan = found["plan"].visits[0]
    assert plan.path == f"/p/{full.citizen.id}/plan"
    assert plan.card
    assert plan.cookie.startswith("okt=")


def test_bytes_are_counted_by_kind_and_a_warm_browser_fetches_the_page_only(
    browser: Browser, port: int
) -> None:
    with visitor(browser, DESKTOP, port, "okt=x") as context:
        cold, warm = (paint._load(Tab(context, DESKTOP, "prøve"), "/") for _ in range(2))
    assert STYLE < cold["css_bytes"] < STYLE + 400
    assert SCRIPT < cold["script_bytes"] < SCRIPT + 400
    assert cold["css_js_bytes"] == cold["css_bytes"] + cold["script_bytes"]
    assert len(PAGE) < cold["document_bytes"] < len(PAGE) + 400
    assert cold["transfer_bytes"] == cold["css_js_bytes"] + cold["document_bytes"]
    assert (cold["requests"], cold["font_bytes"], cold["cls"]) == (3, 0, 0)
    assert 0 < cold["fcp_ms"] <= cold["lcp_ms"]
    assert (warm["requests"], warm["css_js_bytes"]) == (1, 0)


def test_a_phone_is_small_and_its_line_is_slow(browser: Browser, port: int) -> None:
    with visitor(browser, PHONE, port, "okt=x") as context:
        tab = Tab(context, PHONE, "prøve")
        found = paint._load(tab, "/")
        assert tab.page.evaluate("[innerWidth, navigator.maxTouchPoints > 0]") == [360, True]
    assert found["fcp_ms"] > 2 * 150, "the page, then its style: two round trips"
    assert found["transfer_bytes"] > 50_000


def test_a_page_that_is_not_there_is_told(browser: Browser, port: int) -> None:
    with visitor(browser, DESKTOP, port, "okt=x") as context:
        tab = Tab(context, DESKTOP, "plan desktop cold")
        for path, told in (("/missing", "404"), ("/elsewhere", "200")):
            with pytest.raises(Problem, match=f"«plan desktop cold» is not there: the answer was {told}"):
                tab.open(path)


@pytest.mark.parametrize("device", [DESKTOP, PHONE])
def test_the_wait_is_from_the_press_until_the_result_in_the_page_or_on_the_next(
    browser: Browser, port: int, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    with visitor(browser, device, port, "okt=x") as context:
        tab = Tab(context, device, "prøve")
        hand = Hand(tab)
        tab.open("/")
        here = hand.press_until(tab.page.locator("#here"), "#done")
        assert 100 <= here < 2000
        with pytest.raises(Problem, match="stood on the page before"):
            hand.press_until(tab.page.locator("#here"), "#done")
        away = hand.press_until(tab.page.locator("#away"), "#arrived")
        assert PAUSE * 1000 <= away < 4000
        assert 16 <= hand.longest() < 2000
        tab.open("/")
        monkeypatch.setattr("dap.bench.painted_acts.TIMEOUT_MS", 300)
        with pytest.raises(Problem, match="#never did not come to stand on the page"):
            hand.press_until(tab.page.locator("#here"), "#never")


def test_only_a_first_load_and_a_desktop_have_budgets() -> None:
    def figure(device: Device, what: str, **values: float) -> list[str]:
        return paint._figure("plan", device, what, [values] * 3).over

    light = {"css_js_bytes": 100_000, "lcp_ms": 1000}
    heavy = {"css_js_bytes": 100_001, "lcp_ms": 1001}
    assert figure(DESKTOP, "cold", **light) == []
    assert figure(DESKTOP, "cold", **heavy) == [
        "plan desktop cold: CSS and JavaScript 100001 bytes > 100000 bytes",
        "plan desktop cold: largest contentful paint 1001 ms > 1000 ms",
    ]
    assert figure(PHONE, "cold", **heavy) == [
        "plan phone cold: CSS and JavaScript 100001 bytes > 100000 bytes"
    ]
    assert figure(PHONE, "warm", **heavy) == []


def test_a_figure_is_the_median_and_an_act_tells_what_the_web_calls_good() -> None:
    values = [{"inp_ms": 24.0, "done_ms": ms} for ms in (90.4, 10.0, 3000.0)]
    assert paint._figure("thread", PHONE, "send", values).as_line() == {
        "name": "thread phone send",
        "device": "phone",
        "repetitions": 3,
        "inp_ms": 24,
        "done_ms": 90,
        "inp_good_ms": 200,
    }


def test_a_load_without_a_largest_paint_leaves_it_to_the_others() -> None:
    values = [{"fcp_ms": 10.0, "lcp_ms": 1200.0}, {"fcp_ms": 30.0}, {"fcp_ms": 20.0}]
    figure = paint._figure("plan", DESKTOP, "warm", values)
    assert (figure.extra["fcp_ms"], figure.extra["lcp_ms"]) == (20, 1200)
    assert figure.over == ["plan desktop warm: largest contentful paint 1200 ms > 1000 ms"]


def test_only_what_uses_a_browser_or_draws_needs_the_packages_of_the_tests() -> None:
    commands = [["bench", name] for name in ("pages", "load", "paint", "growth")]
    assert [needs_test_packages(one) for one in commands] == [False, False, True, True]
    assert needs_test_packages(["test", "-k", "x"])
    assert not needs_test_packages(["demo"])
