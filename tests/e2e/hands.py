"""Three ways of using a page: by mouse, by touch, by keyboard only. A journey is written once for all."""

from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_TABS = 150


class Hand(Protocol):
    """How a person reaches what a page offers."""

    def press(self, target: Locator) -> None:
        """A button, a link, a checkbox."""

    def write(self, target: Locator, text: str) -> None:
        """In place of what stands in the field."""

    def choose(self, radio: Locator) -> None:
        """One of several."""


class Mouse:
    def press(self, target: Locator) -> None:
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)

    def choose(self, radio: Locator) -> None:
        radio.check()


class Touch:
    def press(self, target: Locator) -> None:
        target.tap()

    def write(self, target: Locator, text: str) -> None:
        target.tap()
        target.fill(text)

    def choose(self, radio: Locator) -> None:
        radio.tap()


class Keyboard:
    """Tab, Enter, Space and the arrows; nothing is focused or clicked by the test itself."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, *targets: Locator) -> None:
        """Tab until one of the targets has the focus."""
        for _ in range(MOST_TABS):
            if any(_focused(target) for target in targets):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{targets[0]} is not reached with Tab")

    def press(self, target: Locator) -> None:
        self.reach(target)
        is_box = target.evaluate("element => element.type === 'checkbox'")
        self.page.keyboard.press("Space" if is_box else "Enter")

    def write(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, radio: Locator) -> None:
        """Tab goes to the group's chosen one (or its first), the arrows go on from there."""
        name = radio.get_attribute("name")
        group = self.page.locator(f'input[type=radio][name="{name}"]').filter(visible=True)
        self.reach(*group.all())
        for _ in range(group.count()):
            if _focused(radio):
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{radio} is not reached with the arrows")


def _focused(target: Locator) -> bool:
    return bool(target.evaluate("element => element === document.activeElement"))
