"""Who uses the keyboard sees where they are: what sticks to an edge hides nothing that has the focus."""

import pytest

from dap.plan.enums import Status
from tests.e2e import given
from tests.e2e.conftest import Comes
from tests.e2e.hands import MOST_TABS
from tests.e2e.visitor import DESKTOP, PHONE, Device, Visitor


def sees_the_focus_all_the_way(visitor: Visitor, key: str) -> None:
    """From here to the end of the page that this key leads to."""
    reached = 0
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press(key)
        if visitor.page.evaluate("document.activeElement === document.body"):
            break
        reached += 1
        assert visitor.hidden_focus() == "", key
    assert reached > 10


@pytest.mark.parametrize(
    ("name", "device"), [("Marte Lien", DESKTOP), ("Amina Solberg", PHONE)], ids=["desktop", "phone"]
)
def test_the_focus_is_never_hidden(comes: Comes, name: str, device: Device) -> None:
    # Given a board and a thread that are longer than the window
    for number in range(8):
        given.an_activity(f"Ringe arbeidsgiver {number}", Status.IN_PROGRESS)
    thread = given.a_long_thread("Når kan jeg begynne? https://nav.no")
    visitor = comes(name, device)
    for page in (f"{given.PLAN}?status=GJENNOMFORES", f"/p/{given.AMINA}/dialog/{thread.id}"):
        # Then one sees where one is, on the way down and on the way back up
        visitor.opens(page)
        sees_the_focus_all_the_way(visitor, "Tab")
        sees_the_focus_all_the_way(visitor, "Shift+Tab")
