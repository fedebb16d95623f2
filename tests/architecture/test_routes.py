"""Every address: what it asks for, and what everybody who tries it gets."""

import re
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from dap.access.enums import Permission
from dap.access.models import AuditEntry

from .conftest import Visit
from .routes_table import ROUTES
from .world import WHO, World, browser, fault_of, routes, token

ALL = routes()
POSTS = [name for name, expected in ROUTES.items() if expected.post]
DESIGNED_CONVERTERS = {"<uuid:person_id>", "<uuid:activity_id>", "<uuid:thread_id>", "<str:type_code>"}
UNAUDITED = {Permission.PUBLIC, Permission.SAVE_DRAFT}


def stored() -> dict[str, str]:
    """A fingerprint of every table of ours but the audit log."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            if table.startswith(("django_", "procrastinate_", "access_")):
                continue
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t")
            found[table] = cursor.fetchone()[0]
    return found


@pytest.mark.parametrize("route", ALL, ids=lambda route: f"{route.name}-{route.pattern}")
def test_an_address_is_a_reader_or_a_writer_with_the_permission_that_the_table_says(route) -> None:
    assert route.name in ROUTES, f"{route.name} is new: write in routes_table.py who may use it"
    expected = ROUTES[route.name]
    assert route.wrapped, f"{route.name} is neither @reader nor @writer"
    assert route.get == (expected.get[0] if expected.get else None)
    assert route.post == (expected.post[0] if expected.post else None)


def test_the_table_holds_no_address_that_is_gone() -> None:
    assert set(ROUTES) == {route.name for route in ALL}


def test_addresses_hold_random_ids_and_type_codes_only() -> None:
    used = set(re.findall(r"<[^>]+>", " ".join(route.pattern for route in ALL)))
    assert used == DESIGNED_CONVERTERS


@pytest.mark.feature("X2")
@pytest.mark.parametrize("name", [name for name, expected in ROUTES.items() if expected.get])
def test_each_one_gets_the_page_or_the_refusal_that_the_table_says(name: str, visits: list[Visit]) -> None:
    mine = {v.who: v for v in visits if v.route == name and v.persona == "amina-solberg"}
    expected = ROUTES[name].get
    assert expected is not None
    assert tuple(mine[who].status for who in WHO) == expected[1], [v.fault for v in mine.values() if v.fault]


def test_no_page_of_anybody_fails(visits: list[Visit]) -> None:
    assert [f"{v}: {v.fault}" for v in visits if v.status >= 500] == []


@pytest.mark.feature("X4")
def test_each_look_and_each_denial_leaves_one_line_in_the_audit_log(visits: list[Visit]) -> None:
    wrong = []
    for visit in visits:
        expected = ROUTES[visit.route].get
        assert expected is not None
        if visit.audit_rows != (0 if expected[0] in UNAUDITED else 1):
            wrong.append(f"{visit}: {visit.audit_rows}")
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["self", "nav_elsewhere"])
def test_out_of_reach_and_unknown_are_the_same_page(who: str, main: World, seeded: dict[str, World]) -> None:
    client = browser(main.actors[who])
    stranger = (main if who == "nav_elsewhere" else seeded["sara-lindqvist"]).person.id
    out_of_reach = client.get(reverse("person:plan", kwargs={"person_id": stranger}))
    unknown = client.get(reverse("person:plan", kwargs={"person_id": uuid4()}))
    no_address = client.get("/finnes-ikke")
    assert out_of_reach.status_code == unknown.status_code == no_address.status_code == 404
    bare = [
        re.sub(rb'nonce="[^"]*"|"X-CSRFToken": "[^"]*"', b"", r.content)
        for r in (out_of_reach, unknown, no_address)
    ]
    assert bare[0] == bare[1] == bare[2]


HOSTILE = (
    "?periode=%00&status=%00&til=%00&flyttet=%00&angret=%00&ny=%00&visning=%00&sendt=%00&s=%00&vis=%00&side=%00",
    "?side=-1&side=999999&sorter=DROP&retning=x&vis=%F0%9F%92%A9&type=EGEN&type=%27;--&soknad=x&avtalt=x",
    "?side=99999999999999999999999&periode="
    + "9" * 3000
    + "&s="
    + "0" * 36
    + "&q=%ff%fe&spraak=%ff&utkast=1&next=//x",
)


@pytest.mark.django_db
@pytest.mark.parametrize("query", HOSTILE, ids=["nul", "unknown", "long"])
def test_no_query_string_makes_a_page_fail(query: str, main: World) -> None:
    failed = []
    client = browser(main.actors["nav"])
    for route in ALL:
        path = main.path(route.name) if route.get and not route.name.startswith("as_citizen:") else None
        if path:
            response = client.get(path + query)
            if response.status_code >= 500:
                failed.append(f"{route.name}: {fault_of(response)}")
    assert failed == []


@pytest.mark.django_db
def test_other_methods_are_refused_by_every_address(main: World) -> None:
    client = browser(main.actors["nav"])
    for route in ALL:
        path = main.path(route.name) or ""
        for method in ("PUT", "DELETE", *(() if route.get else ("GET",))):
            response = client.generic(method, path)
            assert response.status_code in (404, 405), f"{method} {route.name}"
        if route.post is None:
            assert client.post(path).status_code == 405, route.name


@pytest.mark.django_db
def test_head_answers_as_get_does_without_the_page(main: World, visits: list[Visit]) -> None:
    client = browser(main.actors["self"])
    for visit in visits:
        if visit.who == "self" and visit.persona == "amina-solberg":
            response = client.head(visit.path)
            assert (response.status_code, response.content) == (visit.status, b""), visit.route


@pytest.mark.django_db
def test_without_a_session_htmx_is_sent_to_the_login(main: World) -> None:
    for route in ALL:
        path = main.path(route.name) or ""
        if route.get not in (None, Permission.PUBLIC):
            response = browser(None).get(path, headers={"HX-Request": "true"})
            assert (response.status_code, response.content) == (401, b""), route.name
            assert unquote(response["HX-Redirect"]) == f"/logg-inn?next={path}"


@pytest.mark.django_db
@pytest.mark.parametrize("name", POSTS)
def test_a_post_without_a_token_is_refused_and_writes_nothing(name: str, main: World) -> None:
    path, expected = main.path(name), ROUTES[name].post
    assert path and expected
    before = stored()
    for who in ("self", "nav", "anonymous"):
        actor, wanted = main.actors[who], expected[1][WHO.index(who)]
        fields = {"text": "Noe", "to": "FULLFORT"}
        refused = wanted if wanted in (401, 404) else 403
        assert browser(actor).post(path, fields).status_code == refused, who
        forged = {**fields, "_form": token(actor)["_form"][:-3] + "abc"}
        assert browser(actor).post(path, forged).status_code == refused, who
    assert stored() == before
    # With a good form token but without CSRF the text is kept for its author: a draft, nothing else.
    for who in ("self", "nav", "anonymous"):
        actor = main.actors[who]
        assert browser(actor, csrf=True).post(path, {**fields, **token(actor)}).status_code == 403, who
    assert {table for table, content in stored().items() if content != before[table]} <= {"core_draft"}


@pytest.mark.django_db
@pytest.mark.feature("X2")
@pytest.mark.parametrize("name", POSTS)
def test_a_post_is_turned_away_from_those_who_may_not(name: str, main: World) -> None:
    expected = ROUTES[name].post
    path = main.path(name)
    assert expected and path
    for who, wanted in zip(WHO, expected[1], strict=True):
        actor = main.actors[who]
        before, lines = stored(), AuditEntry.objects.count()
        response = browser(actor).post(path, token(actor))
        if wanted == 200:
            assert response.status_code not in (401, 403, 500), f"{who}: {fault_of(response)}"
            continue
        assert response.status_code == wanted, who
        assert stored() == before, f"{who} was turned away, and something was written"
        assert AuditEntry.objects.count() == lines + 1, (
            f"{who} was turned away, and the audit log says nothing"
        )


@pytest.mark.django_db
def test_a_form_drawn_for_one_is_not_sent_as_another(main: World) -> None:
    drawn_for_the_person = token(main.actors["self"])
    for name in POSTS:
        expected = ROUTES[name].post
        path = main.path(name)
        assert expected and path
        if expected[0] is not Permission.PUBLIC and expected[1][WHO.index("nav")] == 200:
            response = browser(main.actors["nav"]).post(path, drawn_for_the_person)
            assert response.status_code == 409, name
