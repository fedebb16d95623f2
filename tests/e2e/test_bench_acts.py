"""The acts that `bench paint` measures are found on the real pages, and do what they say."""

import pytest
from playwright.sync_api import Browser

from dap.access.enums import Role
from dap.bench import painted_acts
from dap.bench.devices import DESKTOP, PHONE, Device, Tab, visitor
from dap.bench.painted_acts import Visit
from dap.bench.subjects import Subjects
from dap.dialogue.models import Message
from dap.plan.enums import Status
from dap.plan.models import Activity
from tests.e2e import given
from tests.e2e.server import Web


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_card_is_moved_the_board_filtered_and_a_message_sent(
    town: None, web: Web, browser: Browser, device: Device
) -> None:
    card = given.an_activity("Skrive ny CV", Status.PLANNED)
    thread = given.a_thread("Praksisplass", "Hei!", from_citizen=False)
    with (
        Subjects(1, least=1) as subjects,
        visitor(browser, device, web.port, subjects.session_cookie(Role.CITIZEN, given.AMINA)) as context,
    ):
        plan = Visit("", given.PLAN, card.id)
        moved = painted_acts.move(Tab(context, device, "move"), plan)
        filtered = painted_acts.filter_board(Tab(context, device, "filter"), plan)
        sent = painted_acts.send(
            Tab(context, device, "send"), Visit("", f"/p/{given.AMINA}/dialog/{thread.id}")
        )
    assert Activity.objects.get(id=card.id).status == Status.IN_PROGRESS
    assert Message.objects.filter(text=painted_acts.TEXT, thread__person=given.AMINA).count() == 1
    assert moved.keys() == {"inp_ms", "opened_ms", "done_ms"}
    for values in (moved, filtered, sent):
        assert all(value > 0 for value in values.values())
        assert values["inp_ms"] >= painted_acts.QUICK_MS
