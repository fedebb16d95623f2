"""The devices that the paint benchmark looks through: a desktop, a slow phone; and what travels to them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from dap.bench.client import HOST
from dap.core.problem import Problem

FLAGS = (
    "--no-sandbox",  # as root in a container Chromium starts no other way
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TIMEOUT_MS = 30_000

# Called when the page has loaded: the browser tells of a paint some time after it.
_LOOK = """async () => {
    const wait = ms => new Promise(done => setTimeout(done, ms));
    const seen = {lcp_ms: 0, cls: 0};
    const hear = (type, take) =>
        new PerformanceObserver(list => list.getEntries().forEach(take)).observe({type, buffered: true});
    hear("largest-contentful-paint", one => { seen.lcp_ms = one.startTime; });
    hear("layout-shift", one => { if (!one.hadRecentInput) seen.cls += one.value; });
    await document.fonts.ready;
    const first = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    for (let turn = 0; turn < 100 && !first(); turn++) await wait(100);
    await wait(800);
    return {fcp_ms: first(), ...seen};
}"""

KINDS = {
    "Document": "document_bytes",
    "Stylesheet": "css_bytes",
    "Script": "script_bytes",
    "Font": "font_bytes",
}
"""Chromium's name for what a request is for -> the key that its bytes are counted under."""
OTHER = "other_bytes"


@dataclass(frozen=True)
class Network:
    """A line as DevTools imitates it: milliseconds there and back, bytes a second."""

    round_trip_ms: int
    down: float
    up: float


@dataclass(frozen=True)
class Device:
    """A screen in CSS pixels, the hands before it, how many times slower its processor is, and its line."""

    name: str
    width: int
    height: int
    touch: bool = False
    slower: int = 1
    network: Network | None = None


DESKTOP = Device("desktop", 1366, 768)
PHONE = Device("phone", 360, 740, touch=True, slower=4, network=Network(150, 1.6e6 / 8, 0.75e6 / 8))
"""A cheap phone on «slow 4G»: 1.6 Mbit/s down and 0.75 up, as Lighthouse imitates it."""


class Tab:
    """A tab on a device, with Chromium's own count of what has travelled to it. `name` is for messages."""

    def __init__(self, context: BrowserContext, device: Device, name: str) -> None:
        self.name = name
        self.device = device
        self.page: Page = context.new_page()
        self._session: CDPSession = context.new_cdp_session(self.page)
        self._kinds: dict[str, str] = {}
        self.bytes: Counter[str] = Counter()
        self.requests = 0
        self._session.on("Network.responseReceived", self._answered)
        self._session.on("Network.loadingFinished", self._arrived)
        self._session.send("Network.enable")
        self._session.send("Emulation.setCPUThrottlingRate", {"rate": device.slower})
        if device.network:
            line = device.network
            self._session.send(
                "Network.emulateNetworkConditions",
                {
                    "offline": False,
                    "latency": line.round_trip_ms,
                    "downloadThroughput": line.down,
                    "uploadThroughput": line.up,
                },
            )

    def open(self, path: str) -> None:
        """Load the page at `path`, and wait until all it needs is there. Raises Problem if it is refused."""
        answer = self.page.goto(path, wait_until="load")
        status = answer.status if answer else "nothing"
        if status != 200 or urlsplit(self.page.url).path != urlsplit(path).path:
            raise Problem(f"The page of «{self.name}» is not there: the answer was {status}.")

    def look(self) -> dict[str, float]:
        """First and largest contentful paint (`fcp_ms`, `lcp_ms`) and all layout shifts (`cls`) of the page.

        No `lcp_ms` when the page scrolled something before its first paint: Chromium then looks no further
        (on a phone the board brings the chosen tab into sight). Raises Problem when there was no paint.
        """
        seen: dict[str, float] = self.page.evaluate(_LOOK)
        if not seen.get("fcp_ms"):
            raise Problem(f"Chromium tells of no paint of «{self.name}».")
        return {key: value for key, value in seen.items() if value or key != "lcp_ms"}

    def _answered(self, event: dict[str, Any]) -> None:
        self._kinds[event["requestId"]] = event["type"]

    def _arrived(self, event: dict[str, Any]) -> None:
        """Headers count too; what came out of the browser's cache has travelled nowhere."""
        size = round(event["encodedDataLength"])
        if size:
            self.requests += 1
            self.bytes[KINDS.get(self._kinds.get(event["requestId"], ""), OTHER)] += size


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """Run the Chromium at this path, without a window. Raises Playwright's Error when it does not start."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visitor(browser: Browser, device: Device, port: int, cookie: str) -> Iterator[BrowserContext]:
    """A browser of one's own, with an empty cache, logged in by the cookie («name=value»)."""
    address = f"http://{HOST}:{port}"
    context = browser.new_context(
        base_url=address,
        viewport={"width": device.width, "height": device.height},
        has_touch=device.touch,
        is_mobile=device.touch,
        locale="nb-NO",
    )
    try:
        context.set_default_timeout(TIMEOUT_MS)
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": address}])
        yield context
    finally:
        context.close()
