"""What waits for a citizen stands on the first page, with its acts."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from dap.core import clock, touch
from dap.plan import actions as plan
from dap.plan.enums import ActivityType, Status
from tests.e2e import given, steps
from tests.e2e.conftest import Comes
from tests.e2e.visitor import DESKTOP, PHONE, Device

TITLE = "Besøke en åpen barnehage"


@pytest.fixture
def proposal(town: None) -> None:
    """Marte has proposed something to Amina."""
    with transaction.atomic():
        touch.forget()
        plan.create_activity(
            person=given.amina(),
            type=ActivityType.EGEN,
            values={"title": TITLE, "from_date": given.day(0), "to_date": given.day(30)},
            status=Status.PROPOSED,
            by=given.marte(),
            at=clock.now(),
        )
        touch.flush()


@pytest.mark.feature("P1")
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_proposal_is_answered_from_the_first_page(comes: Comes, proposal: None, device: Device) -> None:
    amina = comes("Amina Solberg", device)
    step = amina.page.locator(".dap-task", has_text=f"Forslag fra Nav: {TITLE}")
    for act in ("Se forslaget", "Nei takk"):
        expect(amina.link(act, within=step)).to_be_visible()
    amina.follows("Ja, det vil jeg", within=step)
    amina.arrives_at("Flytt kortet", inspect=False)
    expect(amina.page.get_by_role("radio", name="Planlegger")).to_be_checked()
    amina.presses("Flytt")
    steps.is_told_of_the_move(amina, "Planlegger")
    steps.sees_card(amina, TITLE, "Planlegger")
    amina.goes_to("Hjem")
    amina.arrives_at("Hei, Amina", inspect=False)
    expect(step).to_have_count(0)
