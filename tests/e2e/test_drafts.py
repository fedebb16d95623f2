"""What is typed is never lost, comes back to its author only, and is sent once."""

import re
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from dap.core.models import Draft
from dap.dialogue.models import Message, Thread
from tests.e2e import given, steps
from tests.e2e.conftest import Comes
from tests.e2e.visitor import DESKTOP, PHONE, Device, Visitor

TEXT = "Jeg lurer på om jeg kan begynne før jul"
THREAD = "Når kan jeg begynne?"


@pytest.fixture
def thread(town: None) -> Thread:
    return given.a_thread(THREAD, "Hei! Når passer det for deg å begynne?", from_citizen=False)


def address_of(thread: Thread) -> str:
    return f"/p/{given.AMINA}/dialog/{thread.id}"


def types(visitor: Visitor, text: str) -> None:
    """Key by key, as a person does."""
    visitor.field("Melding").press_sequentially(text)


def sent(thread_id: UUID) -> list[str]:
    """The messages that stand in the thread, after its first."""
    return list(
        Message.objects.filter(thread_id=thread_id).order_by("number").values_list("text", flat=True)[1:]
    )


@pytest.mark.feature("D4")
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_draft_comes_back_to_its_author_only_and_goes_when_it_is_sent(
    comes: Comes, thread: Thread, device: Device
) -> None:
    # Given a citizen who has typed half a message and closes the tab
    amina = comes("Amina Solberg", device)
    amina.opens(address_of(thread))
    types(amina, TEXT)
    amina.is_told("Kladd lagret kl.")
    amina.page.close()

    # Then nobody else sees it, not the counsellor in the same thread either
    marte = comes("Marte Lien")
    marte.opens(address_of(thread))
    expect(marte.field("Melding")).to_have_value("")
    marte.does_not_see(TEXT)
    marte.opens(f"/vis/{given.AMINA}/dialog/{thread.id}")
    marte.does_not_see(TEXT)

    # And it is there when the citizen comes back, until it is sent
    amina.opens_a_tab()
    amina.opens(address_of(thread))
    expect(amina.field("Melding")).to_have_value(TEXT)
    amina.is_told("Kladd fra")
    amina.presses("Send")
    amina.is_told("Sendt til veilederen din kl.")
    expect(amina.field("Melding")).to_have_value("")
    amina.page.reload()
    expect(amina.field("Melding")).to_have_value("")
    assert sent(thread.id) == [TEXT]


@pytest.mark.feature("D4")
def test_the_last_words_before_leaving_are_kept(comes: Comes, thread: Thread) -> None:
    amina = comes("Amina Solberg")
    amina.opens(address_of(thread))
    amina.writes("Melding", TEXT)
    amina.goes_to("Plan")  # at once, before the pause in which drafts are saved
    amina.arrives_at("Planen min", inspect=False)
    amina.opens(address_of(thread))
    expect(amina.field("Melding")).to_have_value(TEXT)


@pytest.mark.feature("D4")
def test_a_draft_that_arrives_after_its_message_is_no_draft(comes: Comes, thread: Thread) -> None:
    # Given a save that is slow on its way
    amina = comes("Amina Solberg")
    amina.opens(address_of(thread))
    amina.writes("Melding", TEXT)
    late = amina.page.evaluate(
        """() => {
            const form = document.querySelector("form[data-composer]");
            return [form.dataset.draft, [...new FormData(form)]];
        }"""
    )
    # When the message is sent first
    amina.presses("Send")
    amina.is_told("Sendt til veilederen din kl.")
    save = """async ([address, fields]) => {
        const body = new FormData();
        fields.forEach(([name, value]) => body.set(name, value));
        return (await fetch(address, {method: "POST", body})).status;
    }"""
    assert amina.page.evaluate(save, late) == 200
    # Then the late save does not bring the text back
    amina.page.reload()
    expect(amina.field("Melding")).to_have_value("")
    assert not Draft.objects.filter(place=f"traad:{thread.id}").exists()


@pytest.mark.feature("D4")
def test_a_double_click_sends_once(comes: Comes, thread: Thread) -> None:
    amina = comes("Amina Solberg")
    amina.opens(address_of(thread))
    amina.writes("Melding", TEXT)
    amina.button("Send").dblclick()
    amina.is_told("Sendt til veilederen din kl.")
    amina.page.wait_for_load_state("networkidle")
    assert sent(thread.id) == [TEXT]


@pytest.mark.feature("D4")
def test_a_double_click_on_a_new_dialogue_opens_one(comes: Comes) -> None:
    amina = comes("Amina Solberg")
    amina.opens(f"/p/{given.AMINA}/dialog/ny")
    amina.writes("Hva handler meldingen om?", THREAD)
    amina.writes("Melding", TEXT)
    amina.button("Send").dblclick()
    amina.is_told("Sendt til veilederen din kl.")
    assert Thread.objects.filter(person=given.AMINA, title=THREAD).count() == 1
    assert Message.objects.filter(text=TEXT).count() == 1


@pytest.mark.feature("D4")
def test_a_session_that_ends_in_the_middle_costs_no_text(comes: Comes, thread: Thread) -> None:
    # Given a session that has run out while a message is being written
    amina = comes("Amina Solberg")
    amina.trouble_expected = True
    amina.opens(address_of(thread))
    amina.writes("Melding", TEXT)
    Session.objects.all().delete()
    # When it is sent
    amina.presses("Send")
    # Then the login says what happened, and nothing is sent
    amina.is_told_at_the_door()
    amina.finds_no_fault()
    assert sent(thread.id) == []
    # And whoever logs in as somebody else does not get it
    other = comes("Tor Arne Nilsen")
    other.goes_to("Dialog")
    other.does_not_see(TEXT)
    # And the same person finds it where it was
    amina.logs_in("Amina Solberg")
    expect(amina.field("Melding")).to_have_value(TEXT)
    amina.presses("Send")
    amina.is_told("Sendt til veilederen din kl.")
    assert sent(thread.id) == [TEXT]


@pytest.mark.feature("D4")
def test_a_session_that_ends_while_a_whole_form_is_filled_in(comes: Comes) -> None:
    amina = comes("Amina Solberg")
    amina.trouble_expected = True
    amina.opens(f"/p/{given.AMINA}/aktivitet/ny/EGEN")
    amina.writes("Hva skal gjøres?", "Lese til teoriprøven")
    Session.objects.all().delete()
    amina.presses("Legg til i planen")
    amina.arrives_at("Du må logge inn")
    amina.sees("Det du skrev, er lagret")
    amina.follows("Logg inn")
    amina.logs_in("Amina Solberg")
    amina.arrives_at("Jobbrettet egenaktivitet")
    expect(amina.field("Hva skal gjøres?")).to_have_value("Lese til teoriprøven")
    amina.presses("Legg til i planen")
    amina.is_told("Aktiviteten er lagt til i planen.")


@pytest.mark.feature("D4")
def test_while_typing_one_is_told_that_the_session_has_ended(comes: Comes, thread: Thread) -> None:
    amina = comes("Amina Solberg")
    amina.trouble_expected = True
    amina.opens(address_of(thread))
    Session.objects.all().delete()
    types(amina, TEXT)
    amina.is_told("Du er logget ut. Kladden er lagret")
    amina.logs_in("Amina Solberg")
    amina.opens(address_of(thread))
    expect(amina.field("Melding")).to_have_value(TEXT)


@pytest.mark.feature("D4")
def test_a_draft_is_thrown_away_when_its_author_says_so(comes: Comes) -> None:
    amina = comes("Amina Solberg")
    page = f"/p/{given.AMINA}/aktivitet/ny/EGEN"
    amina.opens(page)
    amina.writes("Hva skal gjøres?", "Lese til teoriprøven")
    amina.goes_to("Plan")
    amina.arrives_at("Planen min", inspect=False)
    amina.opens(page)
    expect(amina.field("Hva skal gjøres?")).to_have_value("Lese til teoriprøven")
    amina.finds_no_fault()
    amina.presses("Forkast kladden")
    expect(amina.field("Hva skal gjøres?")).to_have_value("")
    expect(amina.button("Forkast kladden")).to_have_count(0)
    assert not Draft.objects.filter(fields__title="Lese til teoriprøven").exists()


@pytest.mark.feature("A5")
def test_two_versions_of_an_activity_are_shown_and_none_is_lost(comes: Comes) -> None:
    # Given the same activity open for change at both
    activity = given.an_activity("Lese om yrket")
    amina, marte = comes("Amina Solberg"), comes("Marte Lien")
    for visitor in (amina, marte):
        visitor.opens(f"/p/{given.AMINA}/aktivitet/{activity.id}/endre")
    # When both save
    marte.writes("Hva skal gjøres?", "Lese om barnehageyrket")
    marte.presses("Lagre")
    marte.is_told("Lagret i dag kl.")
    amina.writes("Hva skal gjøres?", "Lese om yrket på biblioteket")
    amina.presses("Lagre")
    # Then the second sees both, and her own words stand in the form
    amina.sees("To versjoner")
    table = amina.page.get_by_role("table", name=re.compile("Din versjon"))
    expect(table).to_contain_text("Lese om barnehageyrket")
    expect(table).to_contain_text("Lese om yrket på biblioteket")
    amina.finds_no_fault()
    amina.presses("Lagre min versjon")
    amina.arrives_at("Lese om yrket på biblioteket")


@pytest.mark.feature("D4")
def test_a_message_that_is_too_long_is_refused_in_words_and_kept(comes: Comes, thread: Thread) -> None:
    amina = comes("Amina Solberg")
    amina.opens(address_of(thread))
    # (and the field is made larger by its corner, which puts a style on it)
    amina.field("Melding").evaluate("area => { area.style.height = '200px'; }")
    amina.writes("Melding", "å" * 5001)
    amina.sees("1 tegn for mye")
    amina.presses("Send")
    expect(amina.page.locator("#feil")).to_be_focused()
    amina.finds_no_fault()
    expect(amina.field("Melding")).to_have_value("å" * 5001)
    steps.answers(amina, TEXT)
    assert sent(thread.id) == [TEXT]
