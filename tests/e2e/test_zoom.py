"""Nothing is lost when one makes the page larger: WCAG 1.4.4 (text 200 %) and 1.4.10 (400 %, 320 px wide)."""

import re

import pytest
from playwright.sync_api import expect

from dap.plan.enums import Status
from tests.e2e import given, steps
from tests.e2e.conftest import Comes
from tests.e2e.visitor import Device

ZOOM_200 = Device(683, 384)  # 1366 × 768
ZOOM_400 = Device(320, 256)  # 1280 × 1024
LARGE_TEXT = "document.documentElement.style.fontSize = '200%'"
CUT = """() => [...document.querySelectorAll("main *, header *, nav *")].filter(element => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    // What is shortened on purpose says so («…») and leads to the whole.
    if (style.webkitLineClamp !== "none" && element.querySelector("a")) return false;
    const cuts = ["hidden", "clip"].includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1
        || ["hidden", "clip"].includes(style.overflowY) && element.scrollHeight > element.clientHeight + 1;
    return cuts && box.width > 2 && !element.closest(".aksel-sr-only") && element.checkVisibility();
}).map(element => element.outerHTML.slice(0, 150))"""


@pytest.mark.parametrize("device", [ZOOM_200, ZOOM_400], ids=["200", "400"])
def test_board_and_dialogue_zoomed(comes: Comes, device: Device) -> None:
    given.an_activity("Lese om yrket", Status.IN_PROGRESS)
    thread = given.a_thread("Når kan jeg begynne?", "https://eksempel.no/" + "langt" * 30, from_citizen=False)
    for name in ("Amina Solberg", "Marte Lien"):
        visitor = comes(name, device)
        visitor.opens(f"{given.PLAN}?status=GJENNOMFORES")
        visitor.finds_no_fault()
        assert visitor.page.evaluate(CUT) == []
        card = visitor.card("Lese om yrket")
        card.scroll_into_view_if_needed()
        expect(card.get_by_role("link", name=re.compile("^Flytt til"))).to_be_in_viewport()
        steps.moves_from_the_board(visitor, "Lese om yrket", "Planlegger")
        steps.is_told_of_the_move(visitor, "Planlegger")
        visitor.presses("Angre")
        visitor.is_told("Flyttingen er angret.")
        visitor.opens(f"/p/{given.AMINA}/dialog/{thread.id}")
        visitor.finds_no_fault()
        assert visitor.page.evaluate(CUT) == []
        steps.answers(visitor, f"Hei fra {name}")


@pytest.mark.parametrize("width", [360, 800, 1366])
def test_board_and_dialogue_with_text_twice_as_large(comes: Comes, width: int) -> None:
    given.an_activity("Lese om yrket", Status.IN_PROGRESS)
    thread = given.a_thread("Når kan jeg begynne?", "Kan du si når det passer?", from_citizen=False)
    amina = comes("Amina Solberg", Device(width, 768))
    for address in ("/", f"{given.PLAN}?status=GJENNOMFORES", f"/p/{given.AMINA}/dialog/{thread.id}"):
        amina.opens(address)
        amina.page.evaluate(LARGE_TEXT)
        assert amina.overflow() <= 0, address
        assert amina.page.evaluate(CUT) == [], address
