"""A thread in use: sending, marking, going back, and no network."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import expect

from dap.dialogue.models import Message, Thread
from tests.e2e import given, steps
from tests.e2e.conftest import Comes
from tests.e2e.visitor import DESKTOP, KEYBOARD, PHONE, Device

TITLE = "Når kan jeg begynne?"
TEXT = "Jeg kan begynne før jul"
NO_CONTACT = "Vi får ikke kontakt med tjenesten akkurat nå. Det du skrev, står her fortsatt."


@pytest.fixture
def thread(town: None) -> Thread:
    return given.a_long_thread(TITLE)


def address_of(thread: Thread) -> str:
    return f"/p/{given.AMINA}/dialog/{thread.id}"


def times_sent(thread_id: UUID) -> int:
    return Message.objects.filter(thread_id=thread_id, text=TEXT).count()


@pytest.mark.feature("D3")
def test_a_mark_leaves_unsent_text_alone(comes: Comes, thread: Thread) -> None:
    marte = comes("Marte Lien", KEYBOARD)
    marte.opens(address_of(thread))
    expect(marte.button("Lagre merking")).to_have_count(0)  # it is for those without script
    marte.writes("Melding", TEXT)
    mark = marte.page.get_by_role("checkbox", name="Venter på svar fra brukeren")
    before = mark.is_checked()
    marte.hand.press(mark)
    marte.is_told("Merkingen er lagret.")
    expect(mark).to_be_checked(checked=not before)
    expect(mark).to_be_focused()
    expect(marte.field("Melding")).to_have_value(TEXT)
    marte.presses("Send")
    steps.sees_it_sent(marte, TEXT)
    assert times_sent(thread.id) == 1


@pytest.mark.feature("D3")
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_after_sending_in_a_long_thread_the_receipt_is_seen(
    comes: Comes, thread: Thread, device: Device
) -> None:
    amina = comes("Amina Solberg", device)
    amina.opens(f"{address_of(thread)}#siste")
    steps.answers(amina, TEXT)
    expect(steps.receipt(amina)).to_be_in_viewport(ratio=1)
    assert amina.hidden_focus() == ""
    amina.finds_no_fault()


@pytest.mark.feature("D4")
def test_going_back_after_sending_sends_nothing_again(comes: Comes, thread: Thread) -> None:
    amina = comes("Amina Solberg")
    amina.goes_to("Dialog")
    amina.follows(re.compile(TITLE.rstrip("?")))
    steps.answers(amina, TEXT)
    amina.page.go_back()
    expect(steps.message(amina, TEXT)).to_be_visible()
    expect(steps.receipt(amina)).to_have_count(0)
    expect(amina.field("Melding")).to_have_value("")
    amina.page.go_forward()
    expect(amina.field("Melding")).to_have_value("")
    assert times_sent(thread.id) == 1


@pytest.mark.feature("D4")
def test_ctrl_enter_sends(comes: Comes, thread: Thread) -> None:
    amina = comes("Amina Solberg")
    amina.opens(address_of(thread))
    amina.writes("Melding", TEXT)
    amina.field("Melding").press("Control+Enter")
    steps.sees_it_sent(amina, TEXT)
    assert times_sent(thread.id) == 1


@pytest.mark.feature("D4")
def test_without_a_network_nothing_is_sent_and_the_text_is_kept(comes: Comes, thread: Thread) -> None:
    # Given a phone that loses its network while one writes
    amina = comes("Amina Solberg", PHONE)
    amina.trouble_expected = True
    amina.opens(address_of(thread))
    amina.context.set_offline(True)
    amina.field("Melding").press_sequentially(TEXT)
    amina.is_told("Ikke lagret: vi får ikke kontakt med tjenesten.")
    # When one sends
    amina.presses("Send")
    # Then it says so, and the text stands there
    amina.is_told(NO_CONTACT)
    expect(amina.field("Melding")).to_have_value(TEXT)
    assert times_sent(thread.id) == 0
    # And when the network is back the draft is saved by itself, and sent once when one sends
    amina.context.set_offline(False)
    amina.is_told("Kladd lagret kl.")
    amina.presses("Send")
    steps.sees_it_sent(amina, TEXT)
    assert times_sent(thread.id) == 1


@pytest.mark.feature("D4")
def test_without_a_network_a_whole_form_stays(comes: Comes) -> None:
    amina = comes("Amina Solberg")
    amina.opens(f"/p/{given.AMINA}/maal")
    amina.writes("Mål", "Fast jobb i barnehage")
    amina.context.set_offline(True)
    amina.trouble_expected = True
    amina.presses("Lagre målet")
    amina.is_told(NO_CONTACT)
    expect(amina.field("Mål")).to_have_value("Fast jobb i barnehage")
    amina.context.set_offline(False)
    amina.presses("Lagre målet")
    amina.is_told("Målet er lagret.")


@pytest.mark.feature("D4")
def test_a_message_from_before_a_logout_is_given_back(comes: Comes, thread: Thread) -> None:
    # Given a message that is being written in one tab
    amina = comes("Amina Solberg")
    amina.trouble_expected = True
    amina.opens(address_of(thread))
    amina.writes("Melding", TEXT)
    first = amina.page
    # When one logs out and in again in another tab, and sends from the first
    amina.opens_a_tab()
    amina.logs_out()
    amina.logs_in("Amina Solberg")
    amina.page = first
    amina.presses("Send")
    # Then nothing is sent, the text stands on the page, and can be sent from there, once
    amina.arrives_at("Det gikk ikke")
    amina.sees(TEXT)
    assert times_sent(thread.id) == 0
    amina.presses("Prøv igjen")
    amina.is_told("Sendt til veilederen din kl.")
    assert times_sent(thread.id) == 1
