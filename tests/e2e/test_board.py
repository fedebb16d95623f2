"""Moving cards on the board: by mouse, by a long press, by the dialog; taking back; what may not move."""

import re

import pytest
from playwright.sync_api import CDPSession, Locator, expect

from dap.plan.enums import Status
from dap.plan.models import Activity
from tests.e2e import given, steps
from tests.e2e.conftest import Comes
from tests.e2e.visitor import DESKTOP, KEYBOARD, PHONE, Device, Visitor

CV = "Skrive ny CV"
JOB = "Lese om yrket"
AGREED = "Prøve seg i barnehagen"
FINISHED = "Besøke biblioteket"
OTHERS = "Rydde i papirer"
PLAN = given.PLAN


@pytest.fixture(autouse=True)
def cards(town: None) -> None:
    """Amina's board has these cards, whatever else her story has."""
    given.an_activity(CV)
    given.an_activity(JOB, Status.PLANNED)
    given.an_activity(AGREED, Status.IN_PROGRESS, agreed=True)
    given.an_activity(OTHERS, Status.IN_PROGRESS)
    given.an_activity(FINISHED, Status.COMPLETED)


def drags(visitor: Visitor, card: Locator, target: Locator) -> None:
    """By mouse, in steps, as a hand moves."""
    card.scroll_into_view_if_needed()
    start, end = card.bounding_box(), target.bounding_box()
    assert start
    assert end
    mouse = visitor.page.mouse
    mouse.move(start["x"] + 20, start["y"] + 12)
    mouse.down()
    mouse.move(start["x"] + 40, start["y"] + 30, steps=4)
    to_x, to_y = end["x"] + end["width"] / 2, max(end["y"] + 60, 40)
    mouse.move(to_x, to_y, steps=12)
    visitor.page.wait_for_timeout(60)  # a hand rests there; Sortable looks away for 30 ms at a time
    mouse.move(to_x + 2, to_y)
    mouse.up()


class Finger:
    """A finger on the glass: the browser gets the same touches as from a screen."""

    def __init__(self, visitor: Visitor) -> None:
        self.page = visitor.page
        self.session: CDPSession = visitor.context.new_cdp_session(visitor.page)

    def presses_long(self, card: Locator) -> None:
        box = card.bounding_box()
        assert box
        self.x, self.y = box["x"] + 40, box["y"] + 20
        self._send("touchStart")
        self.page.wait_for_timeout(350)

    def slides_to(self, target: Locator) -> None:
        box = target.bounding_box()
        assert box
        to_x, to_y = box["x"] + min(30, box["width"] / 2), box["y"] + box["height"] / 2
        from_x, from_y = self.x, self.y
        for step in range(1, 13):
            self.x, self.y = from_x + (to_x - from_x) * step / 12, from_y + (to_y - from_y) * step / 12
            self._send("touchMove")
            self.page.wait_for_timeout(15)

    def lets_go(self) -> None:
        self._send("touchEnd")

    def _send(self, kind: str) -> None:
        points = [] if kind == "touchEnd" else [{"x": round(self.x), "y": round(self.y)}]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.mark.feature("P1")
@pytest.mark.feature("P14")
def test_a_card_is_dragged_by_mouse_and_the_move_is_taken_back(comes: Comes) -> None:
    amina = comes("Amina Solberg")
    amina.opens(PLAN)
    drags(amina, amina.card(CV), amina.column("Planlegger"))
    steps.is_told_of_the_move(amina, "Planlegger")
    steps.sees_card(amina, CV, "Planlegger")
    expect(amina.link(CV)).to_be_focused()
    amina.finds_no_fault()

    amina.presses("Angre")
    amina.is_told("Flyttingen er angret.")
    steps.sees_card(amina, CV, "Forslag")
    expect(amina.link(CV)).to_be_focused()
    amina.page.reload()
    steps.sees_card(amina, CV, "Forslag")


@pytest.mark.feature("P1")
def test_the_board_can_be_dragged_on_again_after_a_move(comes: Comes) -> None:
    amina = comes("Amina Solberg")
    amina.opens(PLAN)
    drags(amina, amina.card(CV), amina.column("Planlegger"))
    steps.sees_card(amina, CV, "Planlegger")
    drags(amina, amina.card(CV), amina.column("Gjennomfører"))
    steps.sees_card(amina, CV, "Gjennomfører")
    assert Activity.objects.get(title=CV, person=given.AMINA).status == "GJENNOMFORES"


@pytest.mark.feature("A2")
def test_a_drop_on_fullfort_asks_first_and_nothing_moves_when_one_says_no(comes: Comes) -> None:
    amina = comes("Amina Solberg")
    amina.opens(PLAN)
    drags(amina, amina.card(AGREED), amina.column("Fullført"))
    dialog = amina.page.get_by_role("dialog", name="Flytt kortet")
    expect(dialog.get_by_role("radio", name="Fullført")).to_be_checked()
    amina.finds_no_fault()
    amina.presses("Avbryt")
    expect(dialog).to_be_hidden()
    steps.sees_card(amina, AGREED, "Gjennomfører")

    # An agreed activity needs a reason: without it the dialog says so, and keeps what was chosen
    drags(amina, amina.card(AGREED), amina.column("Fullført"))
    amina.presses("Flytt")
    expect(dialog.locator("#feil-flytt")).to_be_focused()
    amina.writes("Begrunnelse", "Ferdig. Randi skriver attest.")
    amina.presses("Flytt")
    steps.is_told_of_the_move(amina, "Fullført")
    expect(dialog).to_be_hidden()
    steps.sees_card(amina, AGREED, "Fullført")


@pytest.mark.feature("P1")
def test_a_long_press_drags_a_card_onto_a_tab(comes: Comes) -> None:
    amina = comes("Amina Solberg", PHONE)
    amina.opens(f"{PLAN}?status=BRUKER_ER_INTERESSERT")
    finger = Finger(amina)
    finger.presses_long(amina.card(CV))
    finger.slides_to(amina.page.get_by_role("link", name=re.compile("^Planlegger")))
    finger.lets_go()
    steps.is_told_of_the_move(amina, "Planlegger")
    steps.sees_card(amina, CV, "Planlegger")
    amina.finds_no_fault()


@pytest.mark.feature("P1")
def test_a_short_touch_opens_the_card_and_a_swipe_scrolls(comes: Comes) -> None:
    amina = comes("Amina Solberg", PHONE)
    amina.opens(f"{PLAN}?status=GJENNOMFORES")
    amina.page.evaluate("scrollTo(0, 0)")
    finger = Finger(amina)
    card = amina.card(OTHERS)
    box = card.bounding_box()
    assert box
    finger.x, finger.y = box["x"] + 40, box["y"] + 20
    finger._send("touchStart")
    finger.slides_to(amina.heading("Planen min"))
    finger.lets_go()
    amina.page.wait_for_function("scrollY > 50")
    steps.sees_card(amina, OTHERS, "Gjennomfører")
    amina.follows(OTHERS)
    amina.arrives_at(OTHERS, inspect=False)


@pytest.mark.feature("P1")
@pytest.mark.feature("P14")
@pytest.mark.parametrize("device", [DESKTOP, PHONE, KEYBOARD], ids=["mouse", "touch", "keyboard"])
def test_a_card_is_moved_by_its_dialog(comes: Comes, device: Device) -> None:
    amina = comes("Amina Solberg", device)
    amina.opens(f"{PLAN}?status=BRUKER_ER_INTERESSERT")
    opener = amina.card(CV).get_by_role("link", name=re.compile("^Flytt til"))

    steps.opens_the_move_dialog(amina, CV)
    expect(amina.page.get_by_role("radio", name="Forslag")).to_be_checked()
    amina.finds_no_fault()
    amina.page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    steps.opens_the_move_dialog(amina, CV)
    amina.presses("Avbryt")
    expect(opener).to_be_focused()

    steps.moves_from_the_board(amina, CV, "Gjennomfører")
    steps.is_told_of_the_move(amina, "Gjennomfører")
    expect(amina.link(CV)).to_be_focused()
    expect(amina.card(CV)).to_be_in_viewport()
    amina.presses("Angre")
    amina.is_told("Flyttingen er angret.")
    expect(amina.column("Forslag").get_by_role("link", name=CV, exact=True)).to_be_focused()


@pytest.mark.feature("A2")
def test_a_locked_card_stays_where_it_is(comes: Comes) -> None:
    amina = comes("Amina Solberg")
    amina.opens(PLAN)
    locked = amina.card(FINISHED)
    expect(locked.get_by_role("link", name=re.compile("^Flytt til"))).to_have_count(0)
    drags(amina, locked, amina.column("Planlegger"))
    amina.page.wait_for_timeout(300)
    steps.sees_card(amina, FINISHED, "Fullført")
    assert Activity.objects.get(title=FINISHED, person=given.AMINA).status == "FULLFORT"


@pytest.mark.feature("A5")
def test_who_drags_a_card_that_the_other_has_moved_sees_the_board_as_it_is(comes: Comes) -> None:
    # Given the board on the citizen's screen
    amina = comes("Amina Solberg")
    amina.opens(PLAN)
    # When the counsellor moves a card there meanwhile
    marte = comes("Marte Lien")
    marte.opens(PLAN)
    drags(marte, marte.card(JOB), marte.column("Gjennomfører"))
    steps.is_told_of_the_move(marte, "Gjennomfører")
    # Then the citizen's drag is refused in words, on the board that holds now
    drags(amina, amina.card(JOB), amina.column("Forslag"))
    amina.is_told("Kortet er endret i mellomtiden. Tavlen viser nå det som gjelder.")
    steps.sees_card(amina, JOB, "Gjennomfører")
    amina.finds_no_fault()
    # And it goes the second time
    drags(amina, amina.card(JOB), amina.column("Forslag"))
    steps.is_told_of_the_move(amina, "Forslag")


@pytest.mark.feature("A5")
def test_who_moves_such_a_card_by_the_dialog_is_told_and_can_choose_again(comes: Comes) -> None:
    amina = comes("Amina Solberg")
    amina.opens(PLAN)
    steps.opens_the_move_dialog(amina, JOB)
    expect(amina.button("Flytt")).to_be_visible()
    marte = comes("Marte Lien")
    marte.opens(PLAN)
    steps.moves_from_the_board(marte, JOB, "Gjennomfører")
    steps.is_told_of_the_move(marte, "Gjennomfører")

    steps.fills_in_the_move(amina, "Forslag")
    dialog = amina.page.get_by_role("dialog", name="Flytt kortet")
    expect(dialog).to_contain_text("Kortet ligger nå i «Gjennomfører»")
    amina.finds_no_fault()
    steps.fills_in_the_move(amina, "Forslag")
    steps.is_told_of_the_move(amina, "Forslag")


@pytest.mark.feature("P1")
def test_on_a_phone_the_chosen_status_is_in_sight(comes: Comes) -> None:
    amina = comes("Amina Solberg", PHONE)
    for status in ("GJENNOMFORES", "AVBRUTT", "BRUKER_ER_INTERESSERT"):
        amina.opens(f"{PLAN}?status={status}")
        tab = amina.page.get_by_role("navigation", name="Status").locator("[aria-current]")
        expect(tab).to_be_in_viewport(ratio=0.95)
