"""The language that a person has chosen goes with the person."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Comes
from tests.e2e.visitor import PHONE


@pytest.mark.parametrize(
    ("language", "code", "home", "plan"),
    [("Nynorsk", "nn", "Heim", "Planen min"), ("English", "en", "Home", "My plan")],
)
def test_a_chosen_language_is_remembered(
    comes: Comes, language: str, code: str, home: str, plan: str
) -> None:
    # When a citizen chooses a language under «Mer» and logs out
    amina = comes("Amina Solberg", PHONE)
    amina.goes_to("Mer")
    amina.chooses(language)
    amina.presses("Lagre valgene")
    expect(amina.page.locator("html")).to_have_attribute("lang", code)
    amina.finds_no_fault()
    # Then it is there at the next login, on another device
    again = comes(None)
    again.opens("/logg-inn")
    expect(again.page.locator("html")).to_have_attribute("lang", "nb")
    again.logs_in("Amina Solberg")
    expect(again.page.locator("html")).to_have_attribute("lang", code)
    expect(again.page.get_by_role("banner").get_by_role("link", name=home, exact=True)).to_be_visible()
    again.finds_no_fault()
    again.opens(amina.page.get_by_role("link", name="Plan").first.get_attribute("href") or "")
    again.arrives_at(plan)
    # And nobody else has it
    other = comes("Marte Lien")
    expect(other.page.locator("html")).to_have_attribute("lang", "nb")
