"""One seeded world for the whole folder, and one walk through every page of it."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from dap.access.models import AuditEntry
from dap.core import clock
from dap.demo.seed import seed
from tests.conftest import NOW, empty_database

from .strict import statements, unordered_queries
from .world import WHO, World, browser, fault_of, persona_keys, routes

PEOPLE = 30
WALKED = ("amina-solberg", "kjell-ove-braten-myklebust", "sara-lindqvist", "tor-arne-nilsen")
"""With everything, very full, empty, and with much that is unread."""


@dataclass(frozen=True)
class Visit:
    """One page that was asked for, and all that was seen on the way."""

    route: str
    who: str
    path: str
    persona: str
    status: int
    html: str
    headers: dict[str, str]
    statements: list[str]
    unordered: list[str]
    audit_rows: int
    fault: str

    def __str__(self) -> str:
        return f"{self.route} as {self.who} ({self.persona})"


@pytest.fixture(autouse=True)
def _standing_clock() -> Iterator[None]:
    """Everything here happens at the moment that the world was seeded."""
    with clock.frozen(NOW):
        yield


@pytest.fixture(scope="package")
def seeded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, World]]:
    """The demo's personas and a few others, committed; gives the world around each persona."""
    with django_db_blocker.unblock(), clock.frozen(NOW):
        try:
            seed(lambda _: None, people=PEOPLE)
            worlds = {key: World.of(key) for key in persona_keys()}
        finally:
            connection.close()
    yield worlds
    with django_db_blocker.unblock():
        connection.close()
        empty_database()


@pytest.fixture(scope="package")
def main(seeded: dict[str, World]) -> World:
    """The persona who has everything: activities, a thread about one, a free thread."""
    world = seeded["amina-solberg"]
    assert None not in (world.activity, world.talked, world.thread)
    return world


@pytest.fixture(scope="package")
def visits(seeded: dict[str, World], main: World, django_db_blocker: DjangoDbBlocker) -> list[Visit]:
    """Every GET page: the main person by everybody, three others by the person and a counsellor."""
    logging.disable(logging.ERROR)  # refusals are what this is about
    with django_db_blocker.unblock(), clock.frozen(NOW):
        found: list[Visit] = []
        for key in WALKED:
            for who in WHO if seeded[key] is main else ("self", "nav"):
                found += _walk(key, seeded[key], who)
        connection.close()
    logging.disable(logging.NOTSET)
    return found


def _walk(key: str, world: World, who: str) -> list[Visit]:
    client = browser(world.actors[who])
    found: list[Visit] = []
    for route in routes():
        path = world.path(route.name) if route.get else None
        if path is None:
            continue
        before = AuditEntry.objects.count()
        with unordered_queries() as unordered, statements() as sql:
            response = client.get(path)
        found.append(
            Visit(
                route=route.name,
                who=who,
                path=path,
                persona=key,
                status=response.status_code,
                html=response.content.decode(),
                headers=dict(response.headers),
                statements=sql,
                unordered=unordered,
                audit_rows=AuditEntry.objects.count() - before,
                fault=fault_of(response),
            )
        )
    return found
