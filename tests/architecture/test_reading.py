"""A page can't write, and without its line in the audit log there is no page and no act."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.urls import include, path, reverse

from dap.access.audit import write
from dap.access.enums import Permission
from dap.access.http import Request
from dap.access.models import AuditEntry
from dap.access.views import reader
from dap.config.urls import handler400, handler404, handler500
from dap.core import clock
from dap.core.database import OWNER
from dap.people.models import Person
from dap.plan.models import Goal
from tests.conftest import NOW, address

from .world import World, browser, token

pytestmark = pytest.mark.django_db


@reader(Permission.SEE_PLAN)
def writing_page(request: Request, person: Person):
    """A page that tries to write."""
    Goal.objects.create(
        person=person,
        period=person.periods.order_by("started_at").first(),
        text="Skrevet",
        at=NOW,
        by_side="NAV",
    )


@reader(Permission.SEE_PLAN)
def page_that_notes(request: Request, person: Person):
    """A page that notes a seen mark, as real ones do."""
    from django.http import HttpResponse

    request.after_look.append(lambda: Person.objects.filter(id=person.id).update(last_seen_at=clock.now()))
    return HttpResponse("Sett")


urlpatterns = [
    path("skriver/<uuid:person_id>", writing_page, name="writing_page"),
    path("noterer/<uuid:person_id>", page_that_notes, name="page_that_notes"),
    path("vis/", include(([path("noterer/<uuid:person_id>", page_that_notes, name="notes")], "as_citizen"))),
    path("", include("dap.config.urls")),
]
assert handler400 and handler404 and handler500  # the resolver finds them in this module too


@contextmanager
def audit_closed() -> Iterator[None]:
    """The audit log takes no lines: the owner has taken the right away."""
    with psycopg.connect(address(OWNER), autocommit=True) as owner:
        owner.execute("REVOKE INSERT ON access_auditentry FROM dap_web")
        try:
            yield
        finally:
            owner.execute("GRANT INSERT ON access_auditentry TO dap_web")


@pytest.mark.urls(__name__)
def test_a_page_that_tries_to_write_is_not_given_and_nothing_is_written(main: World) -> None:
    goals = Goal.objects.count()
    response = browser(main.actors["nav"]).get(f"/skriver/{main.person.id}")
    assert response.status_code == 500
    assert "read-only transaction" in str(response.exc_info[1])
    assert "Noe gikk galt hos oss" in response.content.decode()
    assert Goal.objects.count() == goals


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "method", "headers", "marks"),
    [
        ("/noterer/", "get", {}, True),
        ("/noterer/", "head", {}, False),
        ("/noterer/", "get", {"Sec-Purpose": "prefetch"}, False),
        ("/noterer/", "get", {"HX-Refetch": "1"}, False),
        ("/vis/noterer/", "get", {}, False),
    ],
    ids=["full view", "HEAD", "prefetch", "refetch", "Vis som bruker"],
)
def test_seen_marks_are_for_ones_own_full_view(
    address: str, method: str, headers: dict[str, str], marks: bool, main: World
) -> None:
    before = Person.objects.get(id=main.person.id).last_seen_at
    with clock.frozen(NOW + timedelta(minutes=1)):
        response = getattr(browser(main.actors["nav"]), method)(f"{address}{main.person.id}", headers=headers)
    assert response.status_code == 200
    assert (Person.objects.get(id=main.person.id).last_seen_at != before) is marks


@pytest.mark.feature("X4")
def test_without_its_line_in_the_audit_log_there_is_no_page(main: World) -> None:
    client = browser(main.actors["nav"])
    address = reverse("person:plan", kwargs={"person_id": main.person.id})
    assert main.person.last_name in client.get(address).content.decode()
    with audit_closed():
        response = client.get(address)
    assert response.status_code == 500
    assert main.person.last_name not in response.content.decode()


@pytest.mark.feature("X4")
def test_without_its_line_in_the_audit_log_there_is_no_act(main: World) -> None:
    client = browser(main.actors["self"])
    address = reverse("person:goal", kwargs={"person_id": main.person.id})
    newest = Goal.objects.filter(person=main.person).order_by("-id").first()
    assert newest is not None
    posted = {"text": "Et nytt mål", "seen": newest.id, **token(main.actors["self"])}
    with audit_closed():
        assert client.post(address, posted).status_code == 500
    assert not Goal.objects.filter(text="Et nytt mål").exists()
    assert client.post(address, posted).status_code == 303
    assert Goal.objects.filter(text="Et nytt mål").exists()


@pytest.mark.feature("X4")
def test_the_line_tells_who_what_whom_and_whether_it_was_allowed(main: World) -> None:
    browser(main.actors["nav"]).get(reverse("as_citizen:plan", kwargs={"person_id": main.person.id}))
    browser(main.actors["nav_elsewhere"]).get(reverse("person:plan", kwargs={"person_id": main.person.id}))
    denied, looked = AuditEntry.objects.order_by("-id")[:2]
    nav, stranger = main.actors["nav"], main.actors["nav_elsewhere"]
    assert nav and stranger
    assert (looked.actor_key, looked.what, looked.people) == (nav.key, "as_citizen:plan", [main.person.id])
    assert (looked.allowed, looked.as_citizen, looked.at) == (True, True, NOW)
    assert (denied.actor_key, denied.what, denied.people) == (stranger.key, "person:plan", [main.person.id])
    assert (denied.allowed, denied.reason) == (False, "NOT_FOUND")


def test_an_audit_line_of_the_program_has_a_name_too() -> None:
    write(actor=None, what="proeve")
    assert AuditEntry.objects.order_by("-id")[0].actor_key == "anonym:-"
