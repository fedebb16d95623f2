"""The server, the database or the worker is away for a while: the page says so, and the text is safe."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from playwright.sync_api import expect
from psycopg import sql

from dap.config.tasks import forget_old
from dap.core import clock
from dap.core.database import SUPERUSER
from dap.core.models import Draft
from dap.dialogue.models import Message
from tests.conftest import DATABASE, address
from tests.e2e import given
from tests.e2e.conftest import Comes
from tests.e2e.server import Command, Web
from tests.e2e.visitor import Visitor

TEXT = "Kan vi snakkes på onsdag?"
AWAY = "Tjenesten er borte et øyeblikk. Ingenting er sendt."
NO_CONTACT = "Vi får ikke kontakt med tjenesten akkurat nå. Det du skrev, står her fortsatt."


@pytest.fixture
def writer(comes: Comes) -> Visitor:
    """Amina, who has just written a message and not sent it."""
    thread = given.a_thread("Møte", "Når passer det?", from_citizen=False)
    amina = comes("Amina Solberg")
    amina.trouble_expected = True
    amina.opens(f"/p/{given.AMINA}/dialog/{thread.id}")
    amina.writes("Melding", TEXT)
    return amina


def times_sent() -> int:
    return Message.objects.filter(text=TEXT).count()


def eventually(what: Callable[[], bool], seconds: float = 15) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not become so"
        time.sleep(0.05)


def sends_at_last(amina: Visitor) -> None:
    """The text stands there still; one press more sends it, once, and the alert goes."""
    expect(amina.field("Melding")).to_have_value(TEXT)
    expect(amina.button("Send")).to_be_enabled()
    amina.presses("Send")
    amina.is_told("Sendt til veilederen din kl.")
    expect(amina.page.locator("#alerts")).to_have_text("")
    expect(amina.field("Melding")).to_have_value("")
    assert times_sent() == 1


@pytest.mark.feature("D4")
def test_the_server_is_gone_when_one_sends(writer: Visitor, web: Web) -> None:
    web.kill()
    try:
        writer.presses("Send")
        writer.is_told(NO_CONTACT)
        writer.finds_no_fault()
    finally:
        web.start()
    assert times_sent() == 0
    sends_at_last(writer)


@pytest.mark.feature("D4")
def test_the_server_dies_while_it_sends(writer: Visitor, web: Web) -> None:
    # Given a send that the server has begun and cannot finish
    with psycopg.connect(address(SUPERUSER)) as holder:
        holder.execute("SELECT 1 FROM people_person WHERE id = %s FOR UPDATE", [given.AMINA])
        writer.presses("Send")
        eventually(_somebody_waits)
        # When it dies
        web.kill()
        writer.is_told(NO_CONTACT)
    web.start()
    # Then what it had begun is undone, and the next press sends
    sends_at_last(writer)


def _somebody_waits() -> bool:
    with psycopg.connect(address(SUPERUSER), autocommit=True) as admin:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
        row = admin.execute(waiting, [DATABASE]).fetchone()
        assert row
        return bool(row[0])


@pytest.fixture
def outage() -> Iterator[Callable[[bool], None]]:
    """`outage(True)` takes the database away (nobody can connect), `outage(False)` gives it back."""
    parts = psycopg.conninfo.conninfo_to_dict(address(SUPERUSER)) | {"dbname": "postgres"}
    admin = psycopg.connect(psycopg.conninfo.make_conninfo("", **parts), autocommit=True)

    def switch(away: bool) -> None:
        connection.close()
        command = "ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}"
        admin.execute(sql.SQL(command).format(sql.Identifier(DATABASE), sql.Literal(not away)))
        if away:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [DATABASE]
            )

    yield switch
    switch(False)
    admin.close()


@pytest.mark.feature("D4")
def test_the_database_is_gone_when_one_sends(writer: Visitor, outage: Callable[[bool], None]) -> None:
    outage(True)
    writer.presses("Send")
    expect(writer.page.locator("#alerts")).to_contain_text(AWAY, timeout=15_000)
    writer.finds_no_fault()
    expect(writer.field("Melding")).to_have_value(TEXT)
    outage(False)
    sends_at_last(writer)


@pytest.mark.feature("D4")
def test_the_database_is_gone_for_a_whole_form(comes: Comes, outage: Callable[[bool], None]) -> None:
    # Given a form that is sent without htmx
    amina = comes("Amina Solberg")
    amina.trouble_expected = True
    amina.opens(f"/p/{given.AMINA}/maal")
    amina.writes("Mål", "Fast jobb i barnehage innen sommeren")
    # When the database is away
    outage(True)
    amina.context.set_default_timeout(20_000)
    amina.presses("Lagre målet")
    # Then a page says so, with the text on it
    expect(amina.page.get_by_role("heading", level=1)).to_have_text("Det gikk ikke", timeout=15_000)
    amina.finds_no_fault()
    amina.sees("Tjenesten er borte et øyeblikk.")
    amina.sees("Fast jobb i barnehage innen sommeren")
    # And the same page sends it once the database is back
    outage(False)
    amina.presses("Prøv igjen")
    amina.sees("Målet er lagret.")


def test_pages_come_back_by_themselves_after_an_outage(comes: Comes, outage: Callable[[bool], None]) -> None:
    amina = comes("Amina Solberg")
    amina.trouble_expected = True
    outage(True)
    amina.page.goto("/", timeout=20_000)
    amina.arrives_at("Det gikk ikke")
    outage(False)
    amina.page.reload()
    amina.arrives_at("Hei, Amina", inspect=False)


def test_without_the_worker_pages_work_and_its_jobs_wait(writer: Visitor) -> None:
    # Given no worker, and an old draft that a job should clean away
    old = Draft.objects.create(
        actor_key="nobody", place="old", fields={"text": "x"}, saved_at=clock.now() - timedelta(days=31)
    )
    forget_old.configure().defer(timestamp=0)
    # Then people work on
    sends_at_last(writer)
    assert Draft.objects.filter(id=old.id).exists()
    # And the job is done once the worker is back
    worker = Command("worker")
    worker.start()
    try:
        eventually(lambda: not Draft.objects.filter(id=old.id).exists(), 20)
    finally:
        worker.stop()
