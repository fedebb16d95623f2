"""The whole slice in one story: a citizen and a counsellor work on one card, each at their browser."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from dap.core import clock
from tests.e2e import given, steps
from tests.e2e.conftest import Comes
from tests.e2e.visitor import DESKTOP, KEYBOARD, PHONE, Device

TITLE = "Ringe til Blåklokka barnehage"
QUESTION = "Skal jeg ringe styreren, eller er det nok med e-post?"
ANSWER = "Ring helst. Spør etter Kari, hun vet at du kommer."


@pytest.mark.feature("P1")
@pytest.mark.feature("D3")
@pytest.mark.parametrize("device", [DESKTOP, PHONE, KEYBOARD], ids=["mouse", "touch", "keyboard"])
def test_a_proposal_becomes_a_finished_activity(comes: Comes, device: Device) -> None:
    # Given a counsellor and a citizen in two browsers
    given.nothing_waits_for_nav()
    marte = comes("Marte Lien", device)
    amina = comes("Amina Solberg", device)
    marte.inspects = amina.inspects = device is DESKTOP  # test_pages.py looks at the same pages at 360 px
    amina.arrives_at("Hei, Amina")

    # When the counsellor proposes an activity
    steps.opens_the_plan_of(marte, "Solberg, Amina")
    steps.proposes(marte, TITLE)
    steps.sees_card(marte, TITLE, "Forslag")

    # Then the citizen finds it as new, adapts its end date and moves it to Gjennomfører
    amina.goes_to("Plan")
    amina.arrives_at("Planen min")
    expect(steps.sees_card(amina, TITLE, "Forslag").get_by_text("Ulest:")).to_be_attached()
    steps.opens_card(amina, TITLE, "Forslag")
    new_end = clock.today() + timedelta(days=20)
    steps.adapts_end_date(amina, TITLE, f"{new_end:%d.%m.%Y}")
    steps.moves_from_its_page(amina, "Gjennomfører")
    amina.arrives_at("Planen min")
    steps.is_told_of_the_move(amina, "Gjennomfører")
    expect(amina.link(TITLE)).to_be_focused()
    expect(steps.sees_card(amina, TITLE, "Gjennomfører").get_by_text("Ulest:")).to_have_count(0)

    # When the citizen asks a question on the card
    steps.opens_card(amina, TITLE, "Gjennomfører")
    steps.asks_on_the_card(amina, QUESTION)

    # Then it waits in the counsellor's list, and the counsellor answers from there
    marte.goes_to("Mine brukere")
    marte.arrives_at("Mine brukere")
    marte.follows(re.compile("^Venter på svar fra Nav: "))
    marte.arrives_at("Mine brukere")
    row = marte.page.get_by_role("row", name=re.compile("^Solberg, Amina"))
    expect(row).to_be_visible()
    marte.hand.press(row.get_by_role("link", name="Svar Solberg, Amina, som skrev i dag"))
    marte.arrives_at("Dialog")
    expect(steps.message(marte, QUESTION)).to_be_visible()
    steps.answers(marte, ANSWER)
    expect(steps.message(marte, ANSWER)).not_to_contain_text("Lest")

    # When the citizen reads the answer
    amina.goes_to("Dialog")
    amina.arrives_at("Dialog")
    amina.follows(re.compile(TITLE))
    expect(steps.message(amina, ANSWER)).to_be_visible()
    amina.arrives_at("Dialog")
    expect(steps.message(amina, QUESTION)).to_contain_text("Lest av Nav i dag kl.")

    # Then the counsellor sees that it is read, and sets the card as agreed
    marte.page.reload()
    expect(steps.message(marte, ANSWER)).to_contain_text("Lest av brukeren i dag kl.")
    marte.follows("Se aktiviteten")
    marte.arrives_at(TITLE)
    steps.agrees(marte)
    marte.arrives_at(TITLE)
    expect(marte.page.get_by_text("Avtalt med Nav", exact=True).first).to_be_visible()

    # And the citizen, who must say why now, completes it with a reason
    amina.goes_to("Plan")
    steps.opens_card(amina, TITLE, "Gjennomfører")
    steps.moves_from_its_page(amina, "Fullført")
    expect(amina.page.locator("#feil-flytt")).to_be_focused()
    amina.finds_no_fault()
    amina.writes("Begrunnelse", "Jeg fikk prøve meg som vikar fra mandag.")
    amina.presses("Flytt")
    amina.arrives_at("Planen min")
    steps.is_told_of_the_move(amina, "Fullført")
    steps.opens_card(amina, TITLE, "Fullført")
    amina.sees("Jeg fikk prøve meg som vikar fra mandag.")
    expect(amina.link("Endre")).to_have_count(0)  # finished is locked

    # And the counsellor finds it so
    marte.page.reload()
    marte.sees("Jeg fikk prøve meg som vikar fra mandag.")
    expect(marte.link("Flytt til …")).to_have_count(0)
