"""The counsellor's list, search, header and «Vis som bruker»."""

import re

import pytest
from playwright.sync_api import expect

from dap.core import names
from dap.dialogue.models import Thread
from dap.people.models import Person, PersonNumber
from dap.portfolio.actions import refresh
from tests.e2e import given
from tests.e2e.conftest import Comes
from tests.e2e.visitor import DESKTOP, PHONE, Device, Visitor


def names_in_list(visitor: Visitor) -> list[str]:
    return visitor.page.locator("tbody th a").all_inner_texts()


@pytest.mark.feature("O3")
def test_the_list_is_sorted_and_filtered(comes: Comes) -> None:
    marte = comes("Marte Lien")
    table = marte.page.get_by_role("table")
    # Sorted by name, both ways, as a Norwegian phone book
    marte.follows("Navn", within=table)
    expect(table.get_by_role("columnheader", name="Navn")).to_have_attribute("aria-sort", "ascending")
    shown = names_in_list(marte)
    assert shown == sorted(shown, key=lambda name: names.sort_key(*name.split(", ", 1)))
    marte.follows("Navn", within=table)
    expect(table.get_by_role("columnheader", name="Navn")).to_have_attribute("aria-sort", "descending")
    assert names_in_list(marte) == shown[::-1]
    # A filter says how many it has, and shows just them
    chip = marte.link(re.compile("^Venter på svar fra Nav: "))
    count = int(chip.inner_text().rpartition(" ")[2])
    marte.hand.press(chip)
    expect(marte.link(re.compile("^Venter på svar fra Nav: "))).to_have_attribute("aria-current", "true")
    assert len(names_in_list(marte)) == count > 0
    marte.finds_no_fault()


def test_a_leader_starts_with_the_office(comes: Comes) -> None:
    comes("Astrid Vik").arrives_at("Enhetens brukere")


@pytest.mark.feature("O1")
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_person_is_found_by_name_with_norwegian_letters(comes: Comes, device: Device) -> None:
    Person.objects.filter(id=given.AMINA).update(
        first_name="Åse Kjærsti", last_name="Sørbø", name_key=names.sort_key("Sørbø", "Åse Kjærsti")
    )
    refresh([given.AMINA])
    marte = comes("Marte Lien", device)
    for typed in ("sørbø", "ÅSE KJÆR", "Aase"):
        marte.writes_search(typed)
        expect(marte.link("Sørbø, Åse Kjærsti")).to_be_visible()
        assert "?s=" in marte.page.url
        assert not re.search("s%C3|rb|kj|aase", marte.page.url.partition("?")[2], re.IGNORECASE)
    marte.finds_no_fault()
    marte.writes_search("Ingensliknavn")
    marte.sees("Ingen treff")
    marte.finds_no_fault()


@pytest.mark.feature("O1")
def test_a_person_number_leads_to_the_person_and_stands_in_no_address(comes: Comes) -> None:
    number = PersonNumber.objects.get(person=given.AMINA).number
    marte = comes("Marte Lien")
    addresses: list[str] = []
    marte.page.on("request", lambda request: addresses.append(request.url))
    marte.writes_search(f"{number[:6]} {number[6:]}")
    marte.arrives_at("Plan")
    marte.sees("Amina Solberg")
    assert addresses
    assert not [address for address in addresses if number[6:] in address]
    # A number that is nobody's, and one that is none
    marte.opens("/sok")
    marte.writes_search("12345678901")
    expect(marte.page.locator("#search")).to_have_attribute("aria-invalid", "true")
    marte.finds_no_fault()


def test_the_key_for_search(comes: Comes) -> None:
    marte = comes("Marte Lien")
    marte.page.keyboard.press("/")
    expect(marte.page.locator("#search")).to_be_focused()
    expect(marte.page.locator("#search")).to_have_value("")
    # From a person's page it goes to the search
    marte.opens(given.PLAN)
    marte.page.keyboard.press("/")
    marte.page.wait_for_url("**/sok")
    expect(marte.page.locator("#search")).to_be_focused()
    # While one writes it is a letter
    marte.opens(f"/p/{given.AMINA}/dialog/ny")
    marte.field("Melding").press_sequentially("og/eller")
    expect(marte.field("Melding")).to_have_value("og/eller")


def test_the_persons_header_stays(comes: Comes) -> None:
    marte = comes("Marte Lien")
    marte.opens(given.PLAN)
    header = marte.page.locator(".dap-person")
    marte.page.mouse.wheel(0, 3000)
    marte.page.wait_for_function("scrollY > 100")
    expect(header.get_by_text("Amina Solberg")).to_be_in_viewport()
    expect(header.get_by_text("Arbeidsavklaringspenger")).to_be_in_viewport()
    expect(marte.link(re.compile("^Dialog"), within=header)).to_be_in_viewport()
    expect(marte.page).to_have_title(re.compile("^Amina Solberg: "))


@pytest.mark.feature("D3")
def test_vis_som_bruker_shows_and_leaves_no_mark(comes: Comes) -> None:
    # Given an unread message from the citizen
    thread = given.a_thread("Når kan jeg begynne?", "Kan jeg begynne før jul?", from_citizen=True)
    given.an_activity("Lese om yrket")
    marte = comes("Marte Lien")
    marte.opens(given.PLAN)
    before = Thread.objects.get(id=thread.id)
    # When the counsellor looks as the citizen does
    marte.follows("Vis som bruker")
    marte.arrives_at("Planen min")
    marte.sees("Du ser planen slik Amina Solberg ser den")
    expect(marte.page).to_have_title(re.compile(r"^Amina Solberg \(slik brukeren ser det\): "))
    for act in ("Legg til", re.compile("^Flytt til"), "Endre"):
        expect(marte.link(act)).to_have_count(0)
    marte.follows("Lese om yrket")
    marte.arrives_at("Lese om yrket")
    expect(marte.page.locator("main").get_by_role("button")).to_have_count(0)
    expect(marte.page.locator("main").get_by_role("textbox")).to_have_count(0)
    marte.opens(f"/vis/{given.AMINA}/dialog/{thread.id}")
    marte.sees("Kan jeg begynne før jul?")
    expect(marte.page.locator("main").get_by_role("textbox")).to_have_count(0)
    # Then nothing is marked as read, for either
    after = Thread.objects.get(id=thread.id)
    assert (after.nav_read_no, after.citizen_read_no) == (before.nav_read_no, before.citizen_read_no)
    amina = comes("Amina Solberg")
    amina.opens(f"/p/{given.AMINA}/dialog/{thread.id}")
    amina.does_not_see("Lest av Nav")
    # And the way back leads to the same page of the counsellor's own view, where it is unread till now
    marte.follows("Tilbake til vanlig visning")
    marte.page.wait_for_url(f"**/p/{given.AMINA}/dialog/{thread.id}")
    expect(marte.link(re.compile("Når kan jeg begynne.*1 ulest"))).to_be_visible()
