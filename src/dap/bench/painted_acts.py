"""Acts as a hand does them in Chromium, and how long it waits: by keyboard on a desktop, by touch on a phone.

Each returns milliseconds: `inp_ms`, the longest interaction to next paint of the act, and `done_ms`, from the
last press until the result stands on the screen. Elements are found by what they are, not by their words:
people use the service in three languages.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from playwright.sync_api import Locator

from dap.bench.devices import TIMEOUT_MS, Tab
from dap.core.problem import Problem
from dap.plan.enums import Status

QUICK_MS = 16.0
"""The browser tells only of interactions that took at least this long; quicker ones count as this."""
SETTLE_MS = 300
TEXT = "Takk, det passer fint."

# In every document of the tab. A binding hears of it also when the page is left at once.
WATCH = """(() => {
    new PerformanceObserver(list => {
        for (const one of list.getEntries()) if (one.interactionId) benchTells("took", one.duration);
    }).observe({type: "event", durationThreshold: 16});
    addEventListener("click", event => benchTells("pressed", performance.timeOrigin + event.timeStamp), true);
})()"""

# Looks in every frame; when the task after the frame with the result runs, it is on the screen.
AWAIT = """([what, selector]) => {
    const look = () => {
        if (!document.querySelector(selector)) requestAnimationFrame(look);
        else setTimeout(() => benchTells(what, performance.timeOrigin + performance.now()));
    };
    requestAnimationFrame(look);
}"""


@dataclass(frozen=True)
class Visit:
    """Somebody who opens the page at `path`, logged in by this cookie; on a plan, `card` can be moved."""

    cookie: str
    path: str
    card: UUID | None = None


class Hand:
    """Presses what stands in a tab, and remembers how the browser kept up."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.page = tab.page
        self._told_at: dict[str, float] = {}
        self._took: list[float] = []
        self.page.expose_binding("benchTells", self._told)
        self.page.add_init_script(WATCH)

    def press(self, target: Locator) -> None:
        """A button, a link: Enter, or a finger."""
        if self.tab.device.touch:
            target.tap()
        else:
            target.press("Enter")

    def choose(self, target: Locator) -> None:
        """A radio button, a checkbox: Space, or a finger."""
        if self.tab.device.touch:
            target.tap()
        else:
            target.press("Space")

    def write(self, target: Locator, text: str) -> None:
        """Key by key."""
        if self.tab.device.touch:
            target.tap()
        target.press_sequentially(text, delay=30)

    def press_until(self, target: Locator, result: str) -> float:
        """Press, and return the milliseconds until an element that fits the selector `result` is painted.

        It may come into this page or on the next. Raises Problem when it does not come, or was there before.
        """
        if self.page.locator(result).count():
            raise Problem(f"{self.tab.name}: {result} stood on the page before the press that brings it.")
        self.page.add_init_script(f"({AWAIT})({json.dumps([result, result])})")
        self.page.evaluate(AWAIT, [result, result])
        self.press(target)
        until = time.monotonic() + TIMEOUT_MS / 1000
        while result not in self._told_at:
            if time.monotonic() > until:
                raise Problem(f"{self.tab.name}: {result} did not come to stand on the page.")
            self.page.wait_for_timeout(20)
        return self._told_at[result] - self._told_at["pressed"]

    def longest(self) -> float:
        """The longest interaction to next paint so far."""
        self.page.wait_for_timeout(SETTLE_MS)  # the browser tells a little after the paint
        return max([QUICK_MS, *self._took])

    def _told(self, _source: Mapping[str, Any], what: str, value: float) -> None:
        if what == "took":
            self._took.append(value)
        elif what == "pressed" or what not in self._told_at:
            self._told_at[what] = value


def move(tab: Tab, visit: Visit) -> Mapping[str, float]:
    """On a board, move the card by «Flytt til …»; `opened_ms` is until the dialog has its form."""
    hand, page = Hand(tab), tab.page
    tab.open(visit.path)
    place = page.locator(f"#kort-{visit.card}")
    status = place.get_attribute("data-status")
    tab.open(f"{visit.path}?status={status}")  # a phone shows one column
    opened = hand.press_until(place.locator("a.dap-card__move"), "#flytt-skjema form")
    other = Status.PLANNED if status == Status.IN_PROGRESS else Status.IN_PROGRESS
    form = page.locator("#flytt-skjema form")
    hand.choose(form.locator(f'input[name="to"][value="{other}"]'))
    done = hand.press_until(form.locator('button[type="submit"]'), '#tavle > [role="status"] form')
    return {"inp_ms": hand.longest(), "opened_ms": opened, "done_ms": done}


def filter_board(tab: Tab, visit: Visit) -> Mapping[str, float]:
    """On a board, choose a type in the filters and show it: done when its chip stands there."""
    hand, page = Hand(tab), tab.page
    tab.open(visit.path)
    filters = page.locator("details", has=page.locator('form[method="get"]'))
    form = filters.locator("form")
    hand.press(filters.locator("summary"))
    hand.choose(form.locator('input[type="checkbox"]').first)
    done = hand.press_until(form.locator('button[type="submit"]'), "main .aksel-chips")
    return {"inp_ms": hand.longest(), "done_ms": done}


def send(tab: Tab, visit: Visit) -> Mapping[str, float]:
    """In a thread, write a message and send it: done when its receipt stands there."""
    hand, page = Hand(tab), tab.page
    tab.open(visit.path)
    form = page.locator(".dap-composer form")
    hand.write(form.locator("textarea"), TEXT)
    done = hand.press_until(form.locator('button[type="submit"]'), '#traad > [role="status"] > *')
    return {"inp_ms": hand.longest(), "done_ms": done}
