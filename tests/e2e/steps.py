"""What people do with a plan and a dialogue, in their own words; each step ends when its outcome is seen."""

import re

from playwright.sync_api import Locator, expect

from tests.e2e.visitor import Visitor


def opens_the_plan_of(counsellor: Visitor, list_name: str, person: str = "Amina Solberg") -> None:
    """Counsellor: from the list, by the person's name."""
    counsellor.goes_to("Mine brukere")
    counsellor.arrives_at("Mine brukere")
    counsellor.follows(list_name, within=counsellor.page.get_by_role("table"))
    counsellor.arrives_at("Plan")
    counsellor.sees(person)


def proposes(counsellor: Visitor, title: str) -> None:
    """Counsellor, on the plan: a new activity of the citizen's own, into Forslag."""
    counsellor.follows("Legg til")
    counsellor.arrives_at("Hva vil du legge til?")
    counsellor.follows("Jobbrettet egenaktivitet")
    counsellor.arrives_at("Jobbrettet egenaktivitet")
    counsellor.writes("Hva skal gjøres?", title)
    counsellor.chooses("I Forslag")
    counsellor.presses("Legg til i planen")
    counsellor.arrives_at("Plan")
    counsellor.is_told("Aktiviteten er lagt til i planen.")


def sees_card(visitor: Visitor, title: str, status: str) -> Locator:
    """On the board: the card lies in this column (on a phone its tab is chosen first)."""
    if visitor.device.touch:
        tabs = visitor.page.get_by_role("navigation", name="Status")
        visitor.follows(re.compile(f"^{status}"), within=tabs)
    card = visitor.column(status).locator(".dap-card").filter(has=visitor.link(title))
    expect(card).to_be_visible()
    return card


def opens_card(visitor: Visitor, title: str, status: str, *, inspect: bool = True) -> None:
    """From the board to the card's own page."""
    sees_card(visitor, title, status)
    visitor.follows(title)
    visitor.arrives_at(title, inspect=inspect)


def adapts_end_date(citizen: Visitor, title: str, day: str) -> None:
    """On the card's page: another end date."""
    citizen.follows("Endre")
    citizen.arrives_at("Endre aktiviteten")
    citizen.writes("Til dato", day)
    citizen.presses("Lagre")
    citizen.arrives_at(title)
    citizen.is_told("Lagret i dag kl.")


def moves_from_its_page(visitor: Visitor, status: str, reason: str = "") -> None:
    """On the card's page: «Flytt til …», the form, and back to the board."""
    visitor.follows("Flytt til …")
    visitor.arrives_at("Flytt kortet")
    fills_in_the_move(visitor, status, reason)


def moves_from_the_board(visitor: Visitor, title: str, status: str, reason: str = "") -> None:
    """By the dialog that «Flytt til …» on the card opens."""
    opens_the_move_dialog(visitor, title)
    fills_in_the_move(visitor, status, reason)


def opens_the_move_dialog(visitor: Visitor, title: str) -> None:
    visitor.hand.press(visitor.card(title).get_by_role("link", name=re.compile("^Flytt til")))
    dialog = visitor.page.get_by_role("dialog", name="Flytt kortet")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_text(title, exact=True)).to_be_focused()


def fills_in_the_move(visitor: Visitor, status: str, reason: str = "") -> None:
    visitor.chooses(status)
    if reason:
        visitor.writes("Begrunnelse", reason)
    visitor.presses("Flytt")


def is_told_of_the_move(visitor: Visitor, status: str) -> None:
    visitor.is_told(f"Flyttet til «{status}»")


def agrees(counsellor: Visitor) -> None:
    """Counsellor, on the card's page."""
    counsellor.hand.press(counsellor.page.locator("summary", has_text="Avtale aktiviteten med brukeren"))
    counsellor.presses("Sett som avtalt med Nav")
    counsellor.is_told("Aktiviteten er avtalt med Nav.")
    expect(counsellor.page.locator(":focus")).to_contain_text("Aktiviteten er avtalt med Nav.")


def asks_on_the_card(citizen: Visitor, text: str) -> None:
    """On the card's page: the composer under the activity."""
    citizen.writes("Melding", text)
    citizen.presses("Send")
    citizen.is_told("Sendt til veilederen din kl.")
    citizen.arrives_at("Dialog")


def answers(visitor: Visitor, text: str) -> None:
    """In an open thread."""
    visitor.writes("Melding", text)
    visitor.presses("Send")
    sees_it_sent(visitor, text)


def sees_it_sent(visitor: Visitor, text: str) -> None:
    """The message stands in the thread, the composer is empty, and the keyboard is at the receipt."""
    expect(message(visitor, text)).to_be_visible()
    expect(visitor.field("Melding")).to_have_value("")
    visitor.is_told("Sendt til")
    if visitor.scripted:
        expect(receipt(visitor)).to_be_focused()


def receipt(visitor: Visitor) -> Locator:
    """What says that the message is sent."""
    return visitor.page.get_by_role("status").locator("[tabindex]", has_text="Sendt til")


def message(visitor: Visitor, text: str) -> Locator:
    """A message as it stands in a thread."""
    return visitor.page.locator(".dap-chat", has_text=text)
