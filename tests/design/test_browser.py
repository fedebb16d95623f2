"""The components in Chromium under the real content security policy, without a server: Playwright answers."""

from __future__ import annotations

import mimetypes
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.design.conftest import DESIGN, page_context, render_gallery

ORIGIN = "http://design.test"
POLICY = (
    "default-src 'none'; script-src 'nonce-abc123'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
AXE = (DESIGN.parents[2] / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

LAB = """{% extends "design/base.html" %}{% block content %}<h1>Prøve</h1>
{% for status in (200, 409, 422, 403, 404, 500, 401) %}
{{ ds.button(status | string, attrs={"id": "b%s" % status, "hx-post": "/answer/%s" % status,
   "hx-target": "#box", "hx-swap": "outerHTML"}) }}{% endfor %}
{{ ds.button("nett", attrs={"id": "lost", "hx-post": "/lost", "hx-target": "#box"}) }}
<div id="box">urørt</div>{% endblock %}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = os.environ.get("DAP_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(
            executable_path=path if Path(path).exists() else None, args=FLAGS
        )
        yield browser
        browser.close()


class Site:
    """Answers a page's requests; keeps what the browser complained about and what it sent."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.theme = "light"
        self.complaints: list[str] = []
        self.csrf: str | None = None

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).split("?")[0]
        if path.startswith("/static/"):
            file = DESIGN / path.lstrip("/")
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        elif path.startswith("/answer/"):
            self.csrf = route.request.headers.get("x-csrftoken")
            self._fragment(route, int(path.rpartition("/")[2]))
        elif path == "/lost":
            route.abort()
        else:
            html = (
                self.env.from_string(LAB).render(page_context(self.theme))
                if path == "/lab"
                else self._gallery()
            )
            headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
            route.fulfill(body=html, headers=headers)

    def _gallery(self) -> str:
        return render_gallery(self.env, self.theme)

    def _fragment(self, route: Route, status: int) -> None:
        headers = {"Content-Type": "text/html; charset=utf-8"}
        if status == 401:
            headers["HX-Redirect"] = "/logg-inn"
        own = "<p data-alert>Regelen sier nei.</p>" if status == 403 else ""
        body = f'<div id="box">svar {status}{own}<script>window.evil = true</script></div>'
        route.fulfill(status=status, body=body, headers=headers)

    def open(self, browser: Browser, path: str, **options: Any) -> Page:
        page = browser.new_page(**options)
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.route("**/*", self.answer)
        page.goto(ORIGIN + path)
        return page


@pytest.fixture
def site(env: Environment) -> Site:
    return Site(env)


@pytest.mark.parametrize("width", [360, 1366])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_gallery_has_no_axe_violations_and_fits(
    browser: Browser, site: Site, theme: str, width: int
) -> None:
    site.theme = theme
    page = site.open(browser, "/design/", viewport={"width": width, "height": 800})
    page.evaluate(AXE)
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(found["id"], found["nodes"][0]["html"]) for found in result["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(
        "document.fonts.ready.then(fonts => [...fonts].some(font => font.status === 'loaded'))"
    )
    assert site.complaints == []  # the policy refuses nothing of ours
    page.close()


def test_the_theme_follows_the_system_unless_one_is_chosen(browser: Browser, site: Site) -> None:
    shades = {}
    for system in ("light", "dark"):
        for site.theme in ("system", "light", "dark"):
            page = site.open(browser, "/lab", color_scheme=system)
            script = "(s => [s.backgroundColor, s.colorScheme])(getComputedStyle(document.body))"
            shades[system, site.theme] = page.evaluate(script)
            page.close()
    assert shades["light", "system"] == shades["light", "light"] == shades["dark", "light"]
    assert shades["dark", "system"] == shades["dark", "dark"] == shades["light", "dark"]
    assert shades["light", "light"] != shades["dark", "dark"]
    assert shades["dark", "system"][1] == "dark"


@pytest.mark.parametrize("status", [200, 409, 422])
def test_these_answers_are_swapped_in_place(browser: Browser, site: Site, status: int) -> None:
    page = site.open(browser, "/lab")
    page.click(f"#b{status}")
    expect(page.locator("#box")).to_contain_text(f"svar {status}")
    expect(page.locator("#alerts")).to_have_text("")
    assert site.csrf == "t0ken"
    assert page.evaluate("window.evil") is None  # a script in an answer never runs
    page.close()


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("b403", "Regelen sier nei."),
        ("b404", "Vi fant ikke det du ba om."),
        ("b500", "Noe gikk galt hos oss."),
        ("lost", "Vi får ikke kontakt med tjenesten akkurat nå."),
    ],
)
def test_these_answers_go_to_the_alert_region(
    browser: Browser, site: Site, status: str, sentence: str
) -> None:
    page = site.open(browser, "/lab")
    page.click(f"#{status}")
    expect(page.get_by_role("status")).to_contain_text(sentence)
    expect(page.locator("#box")).to_have_text("urørt")
    page.click("#b200")
    expect(page.locator("#box")).to_contain_text("svar 200")
    expect(page.get_by_role("status")).to_contain_text(sentence)  # another's success is not this one's
    page.close()


def test_a_lost_session_leads_to_the_login(browser: Browser, site: Site) -> None:
    page = site.open(browser, "/lab")
    page.click("#b401")
    page.wait_for_url("**/logg-inn")
    page.close()


def test_the_skip_link_shows_and_leads_to_the_content(browser: Browser, site: Site) -> None:
    page = site.open(browser, "/lab")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Hopp til innholdet")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


def test_a_dialog_opens_closes_and_gives_the_focus_back(browser: Browser, site: Site) -> None:
    page = site.open(browser, "/design/")
    opener = page.get_by_role("button", name="Flytt til …")
    dialog = page.get_by_role("dialog", name="Flytt aktiviteten")
    closers: list[Callable[[], None]] = [
        lambda: page.keyboard.press("Escape"),
        lambda: dialog.get_by_role("button", name="Lukk").click(),
    ]
    for close in closers:
        opener.focus()
        page.keyboard.press("Enter")
        expect(dialog).to_be_visible()
        close()
        expect(dialog).to_be_hidden()
        expect(opener).to_be_focused()
    page.close()


def test_the_error_summary_has_the_focus_and_leads_to_the_field(browser: Browser, site: Site) -> None:
    page = site.open(browser, "/design/")
    expect(page.locator("#feil")).to_be_focused()
    page.get_by_role("link", name=re.compile("31.02.2026")).click()
    expect(page.locator("#id_b_start")).to_be_focused()
    page.close()


def test_the_counter_counts_while_one_types(browser: Browser, site: Site) -> None:
    page = site.open(browser, "/design/")
    page.fill("#id_a_text", "a\nb🙂")
    expect(page.locator("#id_a_text-counter")).to_have_text("196 tegn igjen")
    expect(page.locator("#id_b_text-counter")).to_have_text("1 tegn for mye")
    page.close()


def test_what_the_server_marks_gets_the_focus_after_a_swap(browser: Browser, site: Site) -> None:
    page = site.open(browser, "/lab")
    card = site.env.from_string(
        '{{ ds.board_card("kort", "Kurs", "Truckførerkurs", "#", attrs={"data-focus": true}) }}'
    )
    page.route("**/answer/200", lambda route: route.fulfill(body=card.render(), content_type="text/html"))
    page.click("#b200")
    expect(page.get_by_role("link", name="Truckførerkurs")).to_be_focused()
    page.close()
