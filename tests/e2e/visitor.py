"""A person at a browser of their own: what they do, what they see, and what a page must always be."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.hands import Hand, Keyboard, Mouse, Touch

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STORAGE = """async () => ({
    local: localStorage.length, session: sessionStorage.length,
    databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""

# The element with the focus when it lies wholly under something that sticks to an edge, or out of sight.
HIDDEN_FOCUS = """async () => {
    const focus = document.activeElement;
    if (focus === document.body) return "";
    const sticking = (at) => {
        while (at && !["sticky", "fixed"].includes(getComputedStyle(at).position)) at = at.parentElement;
        return at;
    };
    const seen = () => [[.5, .5], [.1, .1], [.9, .1], [.1, .9], [.9, .9]].some(([x, y]) => {
        const box = focus.getClientRects()[0];
        if (!box) return true;
        const top = document.elementFromPoint(box.x + box.width * x, box.y + box.height * y);
        const over = sticking(top);
        return top && (!over || over.contains(focus));
    });
    for (let frame = 0; frame < 40; frame++) {  // it is scrolled to, and softly, when the page is drawn
        await new Promise(requestAnimationFrame);
        if (seen()) return "";
    }
    return focus.outerHTML.slice(0, 200);
}"""

# What Chromium itself writes when an answer has such a status; the page says the same in words.
CORRECTED = r"^Failed to load resource: .* status of (409|422) "
REFUSED = r"^Failed to load resource: |^htmx: htmx:error: Failed to fetch"

SETTLE = """() => document.getAnimations().forEach(one => {
    if (one.effect?.getComputedTiming().endTime !== Infinity) one.finish();
})"""


@dataclass(frozen=True)
class Device:
    """What a visitor sits at."""

    width: int
    height: int
    touch: bool = False
    keyboard_only: bool = False


DESKTOP = Device(1366, 768)
PHONE = Device(360, 740, touch=True)
KEYBOARD = Device(1366, 768, keyboard_only=True)


class Visitor:
    """One person in one browser of their own (a context: cookies and storage are not shared)."""

    def __init__(self, browser: Browser, address: str, device: Device, **options: Any) -> None:
        self.device = device
        self.scripted = options.get("java_script_enabled", True)
        self.inspects = True
        self.address = address
        self.context = browser.new_context(
            base_url=address,
            viewport={"width": device.width, "height": device.height},
            has_touch=device.touch,
            is_mobile=device.touch,
            locale="nb-NO",
            **options,
        )
        self.context.set_default_timeout(8000)
        self.complaints: list[str] = []
        self.trouble_expected = False
        self.page = self.opens_a_tab()

    def opens_a_tab(self) -> Page:
        """A tab in the same browser, which is the one in use from now on."""
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return self.page

    @property
    def hand(self) -> Hand:
        if self.device.keyboard_only:
            return Keyboard(self.page)
        return Touch() if self.device.touch else Mouse()

    # ---- What one does ----

    def logs_in(self, name: str) -> None:
        """Through the demo's login page."""
        if not self.page.url.startswith(f"{self.address}/logg-inn"):
            self.page.goto("/logg-inn")
        self.hand.press(self.page.get_by_role("button", name=name, exact=True))
        self.page.wait_for_url(re.compile(r"^(?!.*/logg-inn)"))

    def logs_out(self) -> None:
        self.page.goto("/mer")
        self.presses("Logg ut")
        self.page.wait_for_url("**/logg-inn*")

    def opens(self, path: str) -> None:
        self.page.goto(path)

    def goes_to(self, item: str) -> None:
        """By the main menu: in the header, or in the bar at the bottom of the phone."""
        menu = self.page.get_by_role("navigation", name=re.compile("^Hovedmeny"))
        self.hand.press(menu.get_by_role("link", name=re.compile(f"^{item}")))

    def presses(self, name: str | re.Pattern[str]) -> None:
        self.hand.press(self.button(name))

    def follows(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        self.hand.press(self.link(name, within))

    def writes(self, label: str, text: str) -> None:
        self.hand.write(self.field(label), text)

    def writes_search(self, text: str) -> None:
        """Counsellor: in the search field of the page."""
        box = self.page.get_by_role("search")
        self.hand.write(box.get_by_role("searchbox"), text)
        self.hand.press(box.get_by_role("button", name="Søk"))
        self.page.wait_for_load_state()

    def chooses(self, label: str, within: Locator | None = None) -> None:
        self.hand.choose((within or self.page).get_by_role("radio", name=re.compile(f"^{label}")))

    # ---- What is there ----

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def link(self, name: str | re.Pattern[str], within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_role("link", name=name, exact=True)

    def field(self, label: str) -> Locator:
        return self.page.get_by_role("textbox", name=re.compile(f"^{re.escape(label)}"))

    def heading(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("heading", name=name)

    def card(self, title: str) -> Locator:
        """A card on the board."""
        return self.page.locator(".dap-card", has=self.page.get_by_role("link", name=title, exact=True))

    def column(self, status: str) -> Locator:
        """A column of the board (the only one shown on a phone)."""
        return self.page.get_by_role("region", name=status, exact=True)

    # ---- What one sees ----

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator("body")).to_contain_text(text)

    def does_not_see(self, text: str) -> None:
        expect(self.page.locator("body")).not_to_contain_text(text)

    def is_told(self, text: str) -> None:
        """In a live region, so that it is read aloud too."""
        expect(self.page.get_by_role("status").filter(has_text=text).first).to_be_visible()

    def is_told_at_the_door(self) -> None:
        """The login says that one was logged out and that the text is safe."""
        expect(self.page.get_by_role("heading", name="Du ble logget ut")).to_be_visible()
        self.sees("Det du skrev, er lagret.")

    def arrives_at(self, heading: str | re.Pattern[str], *, inspect: bool = True) -> None:
        """The page with this h1, which must be a good page."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        if inspect and self.inspects:
            self.finds_no_fault()

    # ---- What every page must be ----

    def finds_no_fault(self) -> None:
        """Axe has nothing to say, there is one h1, nothing scrolls sideways, the browser is content."""
        assert [self.page.url, *self.axe_faults()] == [self.page.url]
        assert self.page.locator("h1").count() == 1, self.page.url
        assert self.overflow() <= 0, f"{self.page.url} is {self.overflow()} px too wide"
        assert [self.page.url, *self.complaints] == [self.page.url]

    def axe_faults(self, rules: list[str] | None = None) -> list[str]:
        """What axe finds, as «rule: what it is about»; by these rules only, or by all that we hold."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
        self.page.evaluate(SETTLE)  # a colour on its way to another has no contrast of its own
        at = self.page.evaluate("scrollY")
        self.page.evaluate("scrollTo(0, 0)")  # else a header that stays may lie over a link just then
        found = self.page.evaluate(
            "only => axe.run(document, {preload: false, resultTypes: ['violations'], runOnly: only})", only
        )
        self.page.evaluate("at => scrollTo(0, at)", at)
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]

    def hidden_focus(self) -> str:
        """What has the focus and can't be seen (WCAG 2.4.11); "" when it is in sight."""
        return str(self.page.evaluate(HIDDEN_FOCUS))

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        viewport = self.page.viewport_size
        assert viewport
        return int(wide) - viewport["width"]

    def leaves_nothing_in_the_browser(self) -> None:
        """No storage but cookies, which no script can read."""
        kept = self.page.evaluate(STORAGE)
        assert kept == {"local": 0, "session": 0, "databases": 0, "caches": 0, "workers": 0}
        assert self.page.evaluate("document.cookie") == ""
        for cookie in self.context.cookies():
            assert cookie["httpOnly"], cookie["name"]
            assert cookie["sameSite"] == "Lax", cookie["name"]

    def _note(self, kind: str, text: str) -> None:
        answered = REFUSED if self.trouble_expected else CORRECTED
        if kind in ("error", "warning") and not re.search(answered, text):
            self.complaints.append(text)
