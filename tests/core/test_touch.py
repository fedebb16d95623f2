"""Touched people are refreshed once, at the end, and a rolled-back act touches nobody."""

from collections.abc import Collection
from contextvars import copy_context
from uuid import UUID, uuid4

import pytest

from dap.core import touch


@pytest.fixture
def refreshed(monkeypatch: pytest.MonkeyPatch) -> list[list[UUID]]:
    calls: list[list[UUID]] = []

    def refresh(people: Collection[UUID]) -> None:
        calls.append(list(people))

    monkeypatch.setattr(touch, "_refresh", refresh)
    touch.forget()
    return calls


def test_each_touched_person_is_refreshed_once(refreshed: list[list[UUID]]) -> None:
    one, other = sorted([uuid4(), uuid4()])
    for person in (other, one, other):
        touch.touch(person)
    touch.flush()
    touch.flush()
    assert refreshed == [[one, other]]


def test_what_is_forgotten_is_not_refreshed(refreshed: list[list[UUID]]) -> None:
    touch.touch(uuid4())
    touch.forget()
    touch.flush()
    assert refreshed == []


def test_two_requests_do_not_see_each_others_people(refreshed: list[list[UUID]]) -> None:
    copy_context().run(touch.touch, uuid4())
    touch.flush()
    assert refreshed == []
