"""Every page there is, at both widths, light and dark: no fault that a browser or axe can find."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import expect

from dap.core.enums import Side
from dap.plan.activity_types import creatable_by
from dap.plan.enums import Status
from tests.e2e import given
from tests.e2e.conftest import Comes
from tests.e2e.visitor import DESKTOP, PHONE, Visitor

NOWHERE = "00000000-0000-4000-8000-000000000000"
PUBLIC = {"login": "/logg-inn", "gallery": "/design/"}
OWN = {"start": "/", "more": "/mer"}
STAFF = {"my_people": "/mine-brukere", "office_people": "/enheten", "search": "/sok"}
PERSON = {
    "plan": "plan",
    "plan_list": "plan/liste",
    "goal": "maal",
    "activity_types": "aktivitet/ny",
    "activity_new": "aktivitet/ny/STILLING",
    "activity": "aktivitet/{activity}",
    "activity_edit": "aktivitet/{activity}/endre",
    "activity_move": "aktivitet/{activity}/flytt",
    "activity_thread": "aktivitet/{activity}/dialog",
    "dialogue": "dialog",
    "thread_new": "dialog/ny",
    "thread_waiting": "dialog/venter",
    "thread": "dialog/{thread}",
}
"""What hangs below /p/<person>/."""
READ_ONLY = ("plan", "plan_list", "goal", "activity", "dialogue", "thread")
"""What «Vis som bruker» has."""


def routes(patterns: list[Any], namespace: str = "") -> Iterator[tuple[str, str]]:
    """The name of every page (an address that answers GET), with its namespace."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, pattern.namespace or namespace)
        elif isinstance(pattern, URLPattern):
            views = getattr(pattern.callback, "views", (pattern.callback,))
            if any(getattr(view, "kind", "") == "reader" for view in views):
                yield namespace, str(pattern.name)


def test_no_page_is_left_out() -> None:
    """A page that is added must be looked at here too."""
    found = set(routes(get_resolver().url_patterns))
    assert {name for space, name in found if space == ""} == {*PUBLIC, *OWN, *STAFF}
    assert {name for space, name in found if space == "person"} == set(PERSON)


@pytest.fixture
def pages(town: None) -> dict[str, str]:
    """The pages about Amina, with something on each."""
    activity = given.an_activity("Lese om yrket <b>& mer</b>", Status.IN_PROGRESS)
    thread = given.a_thread("Når kan jeg begynne?", "Hei!\nSe https://nav.no", from_citizen=True)
    return {name: path.format(activity=activity.id, thread=thread.id) for name, path in PERSON.items()}


def is_good(visitor: Visitor, address: str) -> None:
    """At both widths, and in dark. The two looks differ in nothing but colours, at any width."""
    page = visitor.page
    page.emulate_media(color_scheme="light")
    visitor.opens(address)
    for width in (1366, 360):
        page.set_viewport_size({"width": width, "height": 760})
        visitor.finds_no_fault()
    page.emulate_media(color_scheme="dark")
    assert [address, *visitor.axe_faults(["color-contrast"])] == [address]


def test_the_pages_before_login(comes: Comes) -> None:
    visitor = comes(None)
    for address in PUBLIC.values():
        is_good(visitor, address)
    visitor.trouble_expected = True
    is_good(visitor, "/p/" + NOWHERE + "/plan")
    visitor.arrives_at("Du må logge inn", inspect=False)


def test_the_citizens_pages(comes: Comes, pages: dict[str, str]) -> None:
    visitor = comes("Amina Solberg")
    kinds = [f"aktivitet/ny/{spec.type}" for spec in creatable_by(Side.CITIZEN)]
    for address in [*OWN.values(), *(f"/p/{given.AMINA}/{path}" for path in [*pages.values(), *kinds])]:
        is_good(visitor, address)
    visitor.trouble_expected = True
    is_good(visitor, f"/p/{given.AMINA}/aktivitet/{NOWHERE}")
    visitor.arrives_at("Det gikk ikke", inspect=False)


def test_the_counsellors_pages(comes: Comes, pages: dict[str, str]) -> None:
    visitor = comes("Marte Lien")
    paths = [*pages.values(), "aktivitet/ny/SOKEAVTALE", "plan?type=EGEN&type=STILLING"]
    addresses = [*STAFF.values(), "/mine-brukere?vis=venter", *(f"/p/{given.AMINA}/{path}" for path in paths)]
    for address in addresses:
        is_good(visitor, address)


def test_the_pages_of_vis_som_bruker(comes: Comes, pages: dict[str, str]) -> None:
    visitor = comes("Marte Lien")
    for name in READ_ONLY:
        is_good(visitor, f"/vis/{given.AMINA}/{pages[name]}")


@pytest.mark.parametrize("who", ["Sara Lindqvist", "Kjell Ove Bråten-Myklebust"])
def test_an_empty_and_a_very_full_plan(comes: Comes, who: str) -> None:
    visitor = comes(who, PHONE)
    visitor.finds_no_fault()
    for item in ("Plan", "Dialog", "Mer"):
        with visitor.page.expect_navigation():
            visitor.goes_to(item)
        visitor.finds_no_fault()


def test_forms_with_faults(comes: Comes) -> None:
    visitor = comes("Amina Solberg")
    visitor.opens(f"/p/{given.AMINA}/aktivitet/ny/EGEN")
    visitor.writes("Fra dato", "31.02.2026")
    visitor.writes("Til dato", "i morgen")
    visitor.presses("Legg til i planen")
    expect(visitor.page.locator("#feil")).to_be_focused()
    for width in (1366, 360):
        visitor.page.set_viewport_size({"width": width, "height": 760})
        visitor.finds_no_fault()
    expect(visitor.field("Fra dato")).to_have_value("31.02.2026")
    visitor.follows(visitor.page.locator("#feil li a").first.inner_text())
    expect(visitor.field("Hva skal gjøres?")).to_be_focused()


def test_a_chosen_look_beats_the_devices(comes: Comes) -> None:
    visitor = comes("Amina Solberg", DESKTOP, color_scheme="light")
    visitor.opens("/mer")
    background = "getComputedStyle(document.body).backgroundColor"
    light = visitor.page.evaluate(background)
    visitor.chooses("Mørkt")
    visitor.presses("Lagre valgene")
    visitor.page.wait_for_function(f"{background} !== '{light}'")
    visitor.finds_no_fault()
    visitor.opens(given.PLAN)
    assert visitor.page.evaluate(background) != light
    visitor.finds_no_fault()


def test_the_inspection_itself_finds_faults(comes: Comes) -> None:
    visitor = comes("Amina Solberg")
    spoil = "html => document.querySelector('main').insertAdjacentHTML('beforeend', html)"
    visitor.page.evaluate(spoil, "<img src='/static/design/icon.svg'>")
    assert [fault.split(":")[0] for fault in visitor.axe_faults()] == ["image-alt"]
    visitor.page.evaluate("document.querySelector('img').remove()")
    visitor.page.evaluate("document.querySelector('main').style.minWidth = '3000px'")
    assert visitor.overflow() > 0
    visitor.page.evaluate(spoil, "<p style='color: red'></p>")
    assert any("Content Security Policy" in complaint for complaint in visitor.complaints)
    visitor.complaints.clear()
