"""Whatever is typed is text on every page that shows it: no tag, no attribute, no script address."""

import re
from typing import Any

import pytest
from django.urls import reverse

from dap.dialogue.models import Thread
from dap.plan.activity_types import ACTIVITY_TYPES, FieldKind
from dap.plan.enums import ActivityType
from dap.plan.models import Activity

from .. import factories
from ..factories import House
from .visiting import Visitor, html_of

pytestmark = pytest.mark.feature("X8")
NASTY = "<script>x</script><img src=q onerror=y>\"'><svg onload=z>{{7*7}}%(who)s"
TAGS = re.compile(r"<(script|img|svg)\b[^>]*>", re.I)


def at(house: House, name: str, **ids: Any) -> str:
    return reverse(f"person:{name}", kwargs={"person_id": house.citizen.id, **ids})


def judge(html: str, shows: bool = True) -> None:
    """The nasty text stands escaped, and none of its tags or handlers made it into the page."""
    for tag in TAGS.finditer(html):
        assert not re.search(r"src=q|onload=z|onerror=y", tag.group()), tag.group()
    assert "<script>x" not in html
    for element in re.findall(r"<[a-z][^>]*>", html):
        assert not re.search(r"\son(error|load)=", re.sub(r'"[^"]*"', '""', element)), element
    assert "&lt;script&gt;x" in html or not shows
    assert "49%" not in html
    assert not re.search(r'(href|src|action)="\s*(javascript|data|vbscript):', html, re.I)


def typed(type: ActivityType) -> dict[str, str]:
    values = {}
    for field in ACTIVITY_TYPES[type].fields:
        if field.kind in (FieldKind.LINE, FieldKind.TEXT):
            values[field.name] = NASTY
    values["from_date"], values["to_date"] = "18.11.2026", "20.11.2026"
    return values | {"job_share": "DELTID", "applications_per_week": "3"}


@pytest.mark.parametrize("type", [t for t, spec in ACTIVITY_TYPES.items() if spec.created_by])
def test_every_text_field_of_every_type_is_escaped_on_every_page(house: House, type: ActivityType) -> None:
    nav, citizen = Visitor(house.counsellor), Visitor(house.by_citizen)
    address = at(house, "activity_new", type_code=type)
    assert nav.post(address, **typed(type)).status_code == 303
    card = Activity.objects.get()
    edit = at(house, "activity_edit", activity_id=card.id)
    assert nav.post(edit, description=NASTY + " to").status_code == 303
    move = at(house, "activity_move", activity_id=card.id)
    assert citizen.post(move, to="AVBRUTT", reason=NASTY).status_code == 303
    fixed = type is ActivityType.SOKEAVTALE
    for visitor in (citizen, nav):
        judge(visitor.read(at(house, "activity", activity_id=card.id)))
        for name in ("plan", "plan_list"):
            judge(visitor.read(at(house, name)), shows=not fixed)
        judge(visitor.read(at(house, "plan") + f"?flyttet={card.id}"), shows=not fixed)
    judge(nav.read(at(house, "activity", activity_id=card.id).replace("/p/", "/vis/")))
    judge(citizen.read("/"), shows=False)


def test_a_goal_and_its_comparison_are_escaped(house: House) -> None:
    nav, citizen = Visitor(house.counsellor), Visitor(house.by_citizen)
    mine = citizen.form(at(house, "goal"))
    assert nav.post(at(house, "goal"), text=NASTY).status_code == 303
    stale = citizen.send(at(house, "goal"), {**mine, "text": NASTY + " min"})
    assert stale.status_code == 409
    judge(html_of(stale))
    for address in (at(house, "goal"), at(house, "plan"), "/"):
        judge(citizen.read(address))


def test_a_stale_edit_and_refused_forms_show_typed_text_escaped(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen)
    nav, citizen = Visitor(house.counsellor), Visitor(house.by_citizen)
    edit = at(house, "activity_edit", activity_id=card.id)
    mine = {**citizen.form(edit), "title": NASTY + " min"}
    assert nav.post(edit, title=NASTY).status_code == 303
    stale = citizen.send(edit, mine)
    assert stale.status_code == 409
    judge(html_of(stale))
    for answer in (
        citizen.post(at(house, "activity_new", type_code="EGEN"), title=NASTY, from_date=NASTY),
        citizen.post(at(house, "activity_edit", activity_id=card.id), from_date=NASTY, link="javascript:x"),
        citizen.post(at(house, "activity_move", activity_id=card.id), to=NASTY, reason=NASTY),
        citizen.post(at(house, "thread_new"), title=NASTY * 3, text=NASTY),
        citizen.post(at(house, "goal"), text=NASTY, _form="broken"),
    ):
        assert answer.status_code in (403, 422)
        judge(html_of(answer))


def test_messages_titles_and_names_are_escaped_in_the_dialogue_and_the_overview(house: House) -> None:
    nav, citizen = Visitor(house.counsellor), Visitor(house.by_citizen)
    house.citizen.first_name, house.citizen.last_name = NASTY[:90], NASTY[:90]
    house.citizen.save()
    text = f'{NASTY} javascript:alert(1) data:text/html,x https://nav.no/"onclick=x'
    assert citizen.post(at(house, "thread_new"), title=NASTY, text=text).status_code == 303
    thread = Thread.objects.get()
    page = at(house, "thread", thread_id=thread.id)
    for visitor in (citizen, nav):
        for address in (page, at(house, "dialogue")):
            judge(visitor.read(address))
        links = re.findall(r'href="([^"]*)"', visitor.read(page).partition('id="meldinger"')[2])
        assert "https://nav.no/" in links
        assert all(link.startswith(("https://nav.no/", "/", "?", "#")) for link in links)
    assert nav.post(page, text=NASTY).status_code == 303
    for address in ("/", at(house, "plan")):
        judge(citizen.read(address), shows=address == "/")
    for address in (reverse("my_people"), reverse("office_people"), at(house, "plan")):
        judge(nav.read(address))
    found = nav.post(reverse("search"), q="<script>x</script>")
    judge(nav.read(found["Location"]), shows=True)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x"])
def test_a_script_address_stored_by_any_way_never_becomes_a_link(house: House, address: str) -> None:
    card = factories.activity(house.citizen, house.by_citizen)
    Activity.objects.filter(id=card.id).update(link=address)
    for visitor in (Visitor(house.by_citizen), Visitor(house.counsellor)):
        for name in ("activity", "activity_edit"):
            html = visitor.read(at(house, name, activity_id=card.id))
            assert not re.search(r'href="\s*(javascript|data):', html, re.I)
            judge(html, shows=False)
