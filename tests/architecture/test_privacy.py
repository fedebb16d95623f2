"""Privacy: every field is classified, and a person number stands in one table and nowhere else."""

import logging
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, models

from dap.core import form_token
from dap.core.models import Draft
from dap.people.models import PersonNumber

from .field_privacy import FIELDS
from .world import World, browser, token

FREE_TEXT = (models.TextField, models.JSONField)
PROGRAMS_OWN = {"demo.Seeding.rebuild", "demo.SeededChunk.rows"}
"""JSON that holds definitions of the database and numbers of rows: nobody types it."""
OURS = [model for model in apps.get_models() if model.__module__.startswith("dap.")]


def test_every_field_of_every_model_is_classified() -> None:
    stored = {
        model._meta.label: {f.name for f in (*model._meta.local_fields, *model._meta.local_many_to_many)}
        for model in OURS
    }
    assert stored == {label: set(fields) for label, fields in FIELDS.items()}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_free_text_is_sensitive_and_only_one_table_holds_the_number(model: type[models.Model]) -> None:
    for field in model._meta.local_fields:
        privacy = FIELDS[model._meta.label][field.name]
        if isinstance(field, FREE_TEXT) and str(field) not in PROGRAMS_OWN:
            assert privacy == "sensitive", f"{field} holds what anybody types"
        assert ("number" in field.name and "person" in model.__name__.lower()) == (
            model is PersonNumber and field.name == "number"
        )


def test_logs_keys_and_lists_hold_nothing_sensitive() -> None:
    for label in ("access.AuditEntry", "core.IdempotencyKey", "portfolio.PortfolioRow", "portfolio.Search"):
        assert "sensitive" not in FIELDS[label].values(), label


def tables_that_hold(text: str) -> set[str]:
    """Every table with the text anywhere in a row; sessions are read as what they mean."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table != "django_migrations":
                cursor.execute(
                    f"SELECT 1 FROM {connection.ops.quote_name(table)} t WHERE t::text LIKE %s LIMIT 1",
                    [f"%{text}%"],
                )
                if cursor.fetchone():
                    found.add(table)
    if any(text in str(session.get_decoded()) for session in Session.objects.order_by("pk")):
        found.add("django_session")
    return found


@pytest.fixture
def number(main: World, db: None) -> str:
    return PersonNumber.objects.get(person=main.person).number


def search(world: World, who: str, text: str):
    return browser(world.actors[who]).post("/sok", {"q": text, **token(world.actors[who], "sok")})


@pytest.mark.django_db
@pytest.mark.feature("X8")
def test_a_journey_leaves_no_person_number_behind(
    main: World, number: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    nav, citizen = browser(main.actors["nav"]), browser(main.actors["self"])
    answers = [
        search(main, "nav", number),
        search(main, "nav", f"{number[:6]} {number[6:]}"),
        search(main, "nav_elsewhere", number),
        search(main, "nav", number + "1"),
        search(main, "nav", main.person.last_name),
    ]
    assert answers[0]["Location"] == main.path("person:plan")
    for client, who in ((nav, "nav"), (citizen, "self")):
        answers += [
            client.get(path) for path in (main.path("person:plan"), main.path("person:thread"), "/mer")
        ]
        answers.append(
            client.post(
                main.path("person:thread"), {"text": "Hei", **token(main.actors[who], f"traad:{main.thread}")}
            )
        )
        answers.append(
            client.post("/utkast", {"text": "Nesten", **token(main.actors[who], f"maal:{main.person.id}")})
        )
    answers.append(nav.get("/mine-brukere"))
    assert tables_that_hold(number) == {"people_personnumber"}
    for answer in answers:
        assert answer.status_code < 500
        for header, value in answer.headers.items():
            assert number not in value, header
    assert [
        a.request["PATH_INFO"]
        for a in answers
        if number in a.content.decode() and a.request["PATH_INFO"] != "/sok"
    ] == []
    assert number not in caplog.text


@pytest.mark.django_db
@pytest.mark.feature("X8")
@pytest.mark.parametrize("how", ["logged out", "somebody else's form", "too old", "draft"])
def test_a_number_typed_in_a_search_that_is_refused_is_not_kept_as_a_draft(
    how: str, main: World, number: str
) -> None:
    nav = main.actors["nav"]
    typed = {"q": number, **token(nav, "sok")}
    if how == "logged out":
        assert browser(None).post("/sok", typed).status_code == 401
    elif how == "somebody else's form":
        assert browser(main.actors["leader"]).post("/sok", typed).status_code == 409
    elif how == "too old":
        assert browser(nav, csrf=True).post("/sok", typed).status_code == 403
    else:
        browser(nav).post("/utkast", typed)
    assert tables_that_hold(number) == {"people_personnumber"}


@pytest.mark.django_db
@pytest.mark.feature("X8")
def test_another_text_is_kept_when_its_form_is_refused(main: World) -> None:
    """The counterpart of the test above: what is typed in other forms is never lost."""
    place = f"maal:{main.person.id}"
    client = browser(None)
    client.get("/logg-inn")  # the browser gets its CSRF secret, to which forms are bound
    here = form_token.browser_of(client.cookies["csrf"].value)
    drawn = form_token.make(main.actors["self"].key, place, here)
    client.post(main.path("person:goal"), {"text": "Bli kokk", form_token.FIELD: drawn})
    kept = Draft.objects.get(place=place)
    assert kept.fields["text"] == "Bli kokk"


@pytest.mark.django_db
def test_people_have_random_ids_and_jobs_take_no_person(main: World) -> None:
    from procrastinate.contrib.django import app

    assert isinstance(main.person.id, UUID)
    ours = {name: task for name, task in app.tasks.items() if name.startswith("dap.")}
    assert ours
    for name, task in ours.items():
        arguments = set(task.func.__code__.co_varnames[: task.func.__code__.co_argcount])
        assert arguments <= {"timestamp"} | {a for a in arguments if a.endswith(("_id", "_ids"))}, name
