"""The real server, the real browser, and fresh people for every test."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests.conftest import empty_database
from tests.e2e.server import Web
from tests.e2e.visitor import DESKTOP, Device, Visitor

PEOPLE = 40
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Comes = Callable[..., Visitor]


@pytest.fixture(scope="package")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written is committed, so that the server sees it; nothing is left afterwards.

    Playwright's sync API runs an event loop in this thread, which Django takes for asynchronous code.
    """
    from django.db import connection

    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield
        empty_database()
        connection.close()


@pytest.fixture(scope="package")
def web(database: None) -> Iterator[Web]:
    """The production server."""
    server = Web()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="package")
def browser(database: None) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = os.environ.get("DAP_CHROMIUM") or None
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def town(database: None) -> None:
    """The demo's people as they stand now, personas among them."""
    from dap.demo import seed

    empty_database()
    seed.seed(lambda words: None, people=PEOPLE)


@pytest.fixture
def comes(town: None, web: Web, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Comes]:
    """`comes("Amina Solberg", PHONE)`: a person at a browser of their own, logged in; None stays at the door.

    At the end nobody's browser may have complained, or keep anything but cookies. After a failure a
    picture of every open page is kept.
    """
    visitors: list[Visitor] = []

    def come(name: str | None, device: Device = DESKTOP, **options: Any) -> Visitor:
        visitor = Visitor(browser, web.address, device, **options)
        visitors.append(visitor)
        if name:
            visitor.logs_in(name)
        return visitor

    yield come
    failed = getattr(request.node, "failed", False)
    for number, visitor in enumerate(visitors):
        if failed:
            _keep_picture(visitor, f"{request.node.name}-{number}")
        elif visitor.page.url.startswith(web.address):
            visitor.leaves_nothing_in_the_browser()
        visitor.context.close()
    assert failed or [visitor.complaints for visitor in visitors if visitor.complaints] == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Let the fixtures know how the test went."""
    report = yield
    if report.when == "call":
        item.failed = report.failed  # type: ignore[attr-defined]
    return report


def _keep_picture(visitor: Visitor, name: str) -> None:
    folder = Path(tempfile.gettempdir()) / "dap-e2e"
    folder.mkdir(exist_ok=True)
    path = folder / f"{''.join(c if c.isalnum() else '-' for c in name)}.png"
    visitor.page.screenshot(path=path, full_page=True)
    print(f"\nPicture of {visitor.page.url}: {path}")
