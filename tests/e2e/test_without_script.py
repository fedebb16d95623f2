"""Everything works in a browser without JavaScript: script only makes it quicker."""

import pytest
from playwright.sync_api import expect

from tests.e2e import given, steps
from tests.e2e.conftest import Comes
from tests.e2e.visitor import DESKTOP, PHONE, Device


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_citizen_without_script(comes: Comes, device: Device) -> None:
    # Given a citizen with an empty plan and a browser without script
    sara = comes("Sara Lindqvist", device, java_script_enabled=False)
    # When she sets a goal
    sara.goes_to("Plan")
    sara.follows("Sett et mål for planen")
    sara.writes("Mål", "Jobb på et bakeri før sommeren")
    sara.presses("Lagre målet")
    sara.is_told("Målet er lagret.")
    # And adds an activity, first without its title
    sara.goes_to("Plan")
    sara.follows("Legg til")
    sara.follows("Jobbrettet egenaktivitet")
    sara.presses("Legg til i planen")
    sara.sees("Dette må rettes før du kan gå videre")
    sara.writes("Hva skal gjøres?", "Besøke tre bakerier")
    sara.presses("Legg til i planen")
    sara.is_told("Aktiviteten er lagt til i planen.")
    steps.sees_card(sara, "Besøke tre bakerier", "Planlegger")
    # And moves it, and takes the move back
    sara.hand.press(sara.card("Besøke tre bakerier").get_by_role("link", name="Flytt til …"))
    sara.arrives_at("Flytt kortet", inspect=False)
    steps.fills_in_the_move(sara, "Gjennomfører")
    steps.is_told_of_the_move(sara, "Gjennomfører")
    sara.presses("Angre")
    sara.is_told("Flyttingen er angret.")
    # And writes about it
    steps.opens_card(sara, "Besøke tre bakerier", "Planlegger", inspect=False)
    sara.writes("Melding", "Er det lurt å ringe først?")
    sara.presses("Send")
    sara.is_told("Sendt til veilederen din kl.")
    expect(steps.message(sara, "Er det lurt å ringe først?")).to_be_visible()
    assert sara.overflow() <= 0


def test_a_counsellor_without_script(comes: Comes) -> None:
    thread = given.a_thread("Når kan jeg begynne?", "Kan jeg begynne før jul?", from_citizen=True)
    marte = comes("Marte Lien", java_script_enabled=False)
    # She searches, reads, answers, and marks by hand whom it waits for
    marte.writes_search("solberg")
    marte.follows("Solberg, Amina")
    marte.opens(f"/p/{given.AMINA}/dialog/{thread.id}")
    steps.answers(marte, "Ja, hvis de vil ha deg da.")
    marte.page.get_by_role("checkbox", name="Venter på svar fra brukeren").check()
    marte.presses("Lagre merking")
    marte.is_told("Merkingen er lagret.")
    expect(marte.page.get_by_role("checkbox", name="Venter på svar fra brukeren")).to_be_checked()
