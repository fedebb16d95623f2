"""Queries while every page is fetched: each list has an order, each page keeps its budget."""

import pytest

from dap.people.models import Person

from .conftest import WALKED, Visit
from .strict import unordered_queries

OWN, FRAME, FIRST_LOOK = 8, 4, 4
"""DESIGN.md section 6: a page's own statements, and those of the frame (session, actor, audit, seen).

What a first look stores besides (a thread is read: lock, message, thread, event, overview) is a write
that happens once; it has a budget of its own."""


def parts(visit: Visit) -> tuple[int, int, int]:
    """How many statements are the page's own, the frame's, and a first look's."""
    sql = visit.statements
    audit = next((i for i, text in enumerate(sql) if '"access_auditentry"' in text), len(sql))
    before, marks = sql[:audit], sql[audit + 1 :]
    session = sum("django_session" in text for text in before)
    actor = 1 if session and visit.who != "anonymous" else 0
    seen = sum("plan_activityseen" in text for text in marks)
    return (
        len(before) - session - actor,
        session + actor + seen + len(sql[audit : audit + 1]),
        len(marks) - seen,
    )


def test_every_list_has_an_order(visits: list[Visit]) -> None:
    assert {where: str(v) for v in visits for where in v.unordered} == {}


def test_every_page_keeps_its_budget_of_statements(visits: list[Visit]) -> None:
    over = []
    for visit in visits:
        own, frame, first = parts(visit)
        if own > OWN or frame > FRAME or first > FIRST_LOOK:
            over.append(f"{visit}: {own} own, {frame} of the frame, {first} of a first look")
    assert over == []


def test_the_walk_saw_full_pages(visits: list[Visit]) -> None:
    """Else the two above prove little: there were pages with statements, marks and many cards."""
    assert max(parts(v)[0] for v in visits) > 4
    assert max(parts(v)[2] for v in visits) > 0
    assert max(v.html.count('class="dap-card') for v in visits) >= 20
    assert {v.persona for v in visits} == set(WALKED)


@pytest.mark.django_db
def test_the_watch_sees_an_unordered_list_and_lets_an_ordered_one_pass(main: object) -> None:
    with unordered_queries() as found:
        list(Person.objects.order_by("id")[:3])
        list(Person.objects.filter(id=None))
        Person.objects.first()
        assert found == []
        list(Person.objects.all()[:3])
    assert len(found) == 1
    assert "Person" in found[0]
