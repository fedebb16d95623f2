"""Who is kept out, what they see, and that each denial is remembered: over every address about a person."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from django.urls.resolvers import URLPattern

from dap.access.models import AuditEntry
from dap.access.rules import AccessReason
from dap.config.urls import _PERSON_PAGES
from dap.core.models import Draft
from dap.dialogue.models import Message, Thread, ThreadEvent
from dap.plan import goal_views
from dap.plan.models import Activity, ActivitySeen, Goal
from dap.record import views as record

from .. import factories
from ..factories import House
from .visiting import Visitor, html_of, text_of

PAGES: list[URLPattern] = _PERSON_PAGES[0]


def views_of(pattern: URLPattern) -> list[Any]:
    return list(getattr(pattern.callback, "views", [pattern.callback]))


WITH_GET = [p for p in PAGES if any(v.kind == "reader" for v in views_of(p))]
WITH_POST = [p for p in PAGES if any(v.kind == "writer" for v in views_of(p))]


def named(pattern: URLPattern) -> str:
    return str(pattern.name)


def address(pattern: URLPattern, person: UUID, ids: dict[str, Any], space: str = "person") -> str:
    wanted = {name: ids[name] for name in pattern.pattern.converters if name in ids}
    return reverse(f"{space}:{pattern.name}", kwargs={"person_id": person, **wanted})


def ids_of(house: House, *, neighbours: bool = False) -> dict[str, Any]:
    whose, by = (house.neighbour, house.by_neighbour) if neighbours else (house.citizen, house.by_citizen)
    card = factories.activity(whose, by)
    thread = factories.thread(whose, by)
    return {"activity_id": card.id, "thread_id": thread.id, "type_code": "EGEN"}


def everything() -> list[Any]:
    tables = (Activity, Thread, Message, ThreadEvent, Goal, ActivitySeen)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def without_nonces(html: str) -> str:
    """The page but for what is random in every answer."""
    html = re.sub(r'nonce="[^"]*"', "", html)
    return re.sub(r'(name="(csrfmiddlewaretoken|_form)" value|X-CSRFToken":) ?"[^"]*"', "", html)


@pytest.fixture
def denials() -> Iterator[None]:
    before = AuditEntry.objects.filter(allowed=False).count()
    yield
    assert AuditEntry.objects.filter(allowed=False).count() > before


@pytest.mark.feature("X2")
@pytest.mark.parametrize("pattern", WITH_GET, ids=named)
def test_out_of_reach_and_unknown_people_give_the_same_page(house: House, pattern: URLPattern) -> None:
    ids = ids_of(house, neighbours=True)
    for stranger in (house.outsider, house.by_citizen):
        visitor = Visitor(stranger)
        hidden = visitor.get(address(pattern, house.neighbour.id, ids))
        unknown = visitor.get(address(pattern, uuid4(), ids))
        assert hidden.status_code == unknown.status_code == 404
        assert without_nonces(html_of(hidden)) == without_nonces(html_of(unknown))
        assert text_of(AccessReason.NOT_FOUND.sentence) in text_of(html_of(hidden))
        assert "Jonas" not in html_of(hidden)
        denied = AuditEntry.objects.filter(allowed=False, people=[house.neighbour.id], actor_key=stranger.key)
        assert {(d.what, d.reason) for d in denied} == {(f"person:{pattern.name}", "NOT_FOUND")}


@pytest.mark.feature("X2")
@pytest.mark.parametrize("pattern", WITH_POST, ids=named)
def test_nothing_is_written_for_somebody_out_of_reach(house: House, pattern: URLPattern) -> None:
    ids = ids_of(house, neighbours=True)
    before = everything()
    for stranger in (house.outsider, house.by_citizen):
        visitor = Visitor(stranger)
        for person in (house.neighbour.id, uuid4()):
            typed = {"text": "Hei", "title": "Tittel", "to": "FULLFORT", "version": "1", "nav": "on"}
            answer = visitor.forged(address(pattern, person, ids), **typed)
            missing_role = stranger is house.by_citizen and pattern.name in ("activity_agree", "thread_waits")
            assert answer.status_code == (403 if missing_role else 404)
    assert everything() == before


@pytest.mark.feature("X2")
@pytest.mark.parametrize(
    "pattern", [p for p in PAGES if {"activity_id", "thread_id"} & set(p.pattern.converters)], ids=named
)
def test_another_persons_card_or_thread_is_not_found_under_ones_own_address(
    house: House, pattern: URLPattern
) -> None:
    theirs = ids_of(house, neighbours=True)
    unknown = {"activity_id": uuid4(), "thread_id": uuid4(), "type_code": "EGEN"}
    before = everything()
    for viewer in (house.by_citizen, house.counsellor):
        visitor = Visitor(viewer)
        answers = []
        for ids in (theirs, unknown):
            here = address(pattern, house.citizen.id, ids)
            if pattern in WITH_GET:
                answers.append(visitor.get(here))
            if pattern in WITH_POST:
                answers.append(visitor.forged(here, text="Hei", title="T", to="FULLFORT", version="1"))
        roles = pattern.name in ("activity_agree", "thread_waits") and viewer is house.by_citizen
        assert {a.status_code for a in answers} == {403 if roles else 404}
        bodies = {without_nonces(re.sub(r"[0-9a-f-]{36}", "id", html_of(a))) for a in answers}
        assert len(bodies) == len([p for p in (WITH_GET, WITH_POST) if pattern in p])
    assert everything() == before


@pytest.mark.feature("X1")
@pytest.mark.parametrize("route", ["my_people", "office_people", "search"])
def test_a_citizen_has_no_overview(house: House, route: str) -> None:
    answer = Visitor(house.by_citizen).get(reverse(route))
    assert answer.status_code == 403
    assert text_of(AccessReason.MISSING_ROLE.sentence) in text_of(html_of(answer))
    entry = AuditEntry.objects.order_by("-id").first()
    assert entry
    assert (entry.what, entry.allowed, entry.reason) == (route, False, "MISSING_ROLE")


@pytest.mark.feature("X4")
@pytest.mark.parametrize("pattern", WITH_GET, ids=named)
def test_every_look_is_remembered_with_who_and_whom(house: House, pattern: URLPattern) -> None:
    ids = ids_of(house)
    answer = Visitor(house.counsellor).get(address(pattern, house.citizen.id, ids))
    assert answer.status_code in (200, 303)
    (entry,) = AuditEntry.objects.all()
    assert (entry.actor_key, entry.what, entry.people) == (
        house.counsellor.key,
        f"person:{pattern.name}",
        [house.citizen.id],
    )
    assert (entry.allowed, entry.reason, entry.as_citizen) == (True, "", False)


@pytest.mark.feature("X4")
def test_a_change_is_remembered_and_a_refused_one_leaves_no_change_behind(house: House) -> None:
    visitor = Visitor(house.by_citizen)
    goal = address(next(p for p in PAGES if p.name == "goal"), house.citizen.id, {})
    form = visitor.form(goal)
    looks = AuditEntry.objects.count()
    assert visitor.send(goal, {**form, "text": " "}).status_code == 422
    refused = AuditEntry.objects.order_by("-id")[0]
    assert AuditEntry.objects.count() == looks + 1
    assert (refused.allowed, refused.reason, refused.people) == (False, "GOAL_EMPTY", [house.citizen.id])
    assert visitor.send(goal, {**form, "text": "Jobb"}).status_code == 303
    entry = AuditEntry.objects.order_by("-id").first()
    assert entry
    assert (entry.what, entry.people, entry.allowed) == ("person:goal", [house.citizen.id], True)
    assert "Jobb" not in str(list(AuditEntry.objects.values_list()))


@pytest.mark.feature("X4")
def test_without_the_audit_row_there_is_no_page_and_no_change(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor(house.by_citizen)
    visitor.client.raise_request_exception = False
    goal = reverse("person:goal", kwargs={"person_id": house.citizen.id})
    form = visitor.form(goal)

    def fail(**_: Any) -> None:
        raise RuntimeError("the audit log is full")

    monkeypatch.setattr("dap.access.audit.write", fail)
    assert visitor.get(goal).status_code == 500
    answer = visitor.send(goal, {**form, "text": "Jobb i barnehage"})
    assert answer.status_code == 500
    assert "Jobb i barnehage" in html_of(answer), "what was typed stands on the page"
    assert not Goal.objects.exists()


def as_citizen(pattern: URLPattern, house: House, ids: dict[str, Any]) -> str:
    return address(pattern, house.citizen.id, ids, space="as_citizen")


SEEN_AS_CITIZEN = {"plan", "plan_list", "goal", "activity", "dialogue", "thread"}


@pytest.mark.feature("X4")
@pytest.mark.parametrize("pattern", WITH_GET, ids=named)
def test_seeing_as_the_citizen_shows_the_pages_marks_nothing_and_is_remembered(
    house: House, pattern: URLPattern
) -> None:
    ids = ids_of(house)
    factories.thread(house.citizen, house.counsellor, title="Fra Nav")
    factories.activity(house.citizen, house.counsellor)
    before = everything()
    answer = Visitor(house.colleague).get(as_citizen(pattern, house, ids))
    shown = pattern.name in SEEN_AS_CITIZEN
    goes_on = pattern.name == "thread_waiting"
    assert answer.status_code == (200 if shown else 303 if goes_on else 403)
    assert everything() == before
    entry = AuditEntry.objects.order_by("-id").first()
    assert entry
    assert (entry.what, entry.people, entry.allowed) == (
        f"as_citizen:{pattern.name}",
        [house.citizen.id],
        shown or goes_on,
    )
    assert entry.as_citizen is (shown or goes_on) or not entry.allowed
    if shown:
        html = html_of(answer)
        assert 'method="post"' not in html.partition("<main")[2], "no acts"
        back = as_citizen(pattern, house, ids).replace("/vis/", "/p/")
        assert html.partition("<main")[2].count(f'"/p/{house.citizen.id}') == 1
        assert f'href="{back}"' in html.partition("<main")[2], "the way back to the same page"
        assert f"Du ser planen slik {house.citizen.full_name} ser den" in text_of(html)


@pytest.mark.feature("X4")
@pytest.mark.parametrize("pattern", WITH_POST, ids=named)
def test_nothing_is_done_while_seeing_as_the_citizen(
    house: House, pattern: URLPattern, denials: None
) -> None:
    ids = ids_of(house)
    before = everything()
    for viewer in (house.counsellor, house.by_citizen, house.outsider):
        answer = Visitor(viewer).forged(
            as_citizen(pattern, house, ids), text="Hei", title="T", to="FULLFORT", version="1", nav="on"
        )
        assert answer.status_code in (403, 404)
    assert everything() == before


@pytest.mark.feature("D4")
def test_a_citizens_draft_is_not_shown_to_who_sees_as_the_citizen(house: House) -> None:
    ids = ids_of(house)
    citizen, nav = Visitor(house.by_citizen), Visitor(house.counsellor)
    for name in ("goal", "thread"):
        pattern = next(p for p in PAGES if p.name == name)
        here = address(pattern, house.citizen.id, ids)
        for visitor, text in ((citizen, "Brukerens kladd"), (nav, "Veilederens kladd")):
            visitor.send(reverse("draft_save"), {**visitor.form(here), "text": text})
        assert "kladd" not in nav.read(as_citizen(pattern, house, ids)).partition("<main")[2]
    assert Draft.objects.count() == 4


@pytest.mark.feature("X8")
def test_a_page_that_writes_fails(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def writes(actor: Any, person: Any) -> None:
        Goal.objects.create(
            person=person, period=person.periods.get(), text="x", at=factories.NOW, by_side="NAV"
        )

    monkeypatch.setattr(record.record_home, "home", writes)
    visitor = Visitor(house.by_citizen)
    visitor.client.raise_request_exception = False
    assert visitor.get("/").status_code == 500
    monkeypatch.setattr(goal_views.queries, "current_goal", lambda person: writes(None, person))
    assert visitor.get(reverse("person:goal", kwargs={"person_id": house.citizen.id})).status_code == 500
    assert not Goal.objects.exists()


def test_a_reader_takes_no_post_and_a_writer_no_get(house: House) -> None:
    visitor = Visitor(house.counsellor)
    ids = ids_of(house)
    for pattern in PAGES:
        here = address(pattern, house.citizen.id, ids)
        if pattern not in WITH_GET:
            assert visitor.get(here).status_code == 405
        if pattern not in WITH_POST:
            assert visitor.forged(here).status_code == 405
