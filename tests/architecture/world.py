"""The seeded world that the walk goes through: one person with real ids, and everybody who may try them."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from dap.access.actor import Actor
from dap.access.enums import Permission
from dap.access.sessions import KEY, citizen_actor, staff_actor
from dap.core import clock, form_token
from dap.demo.models import DemoPersona
from dap.people.models import Counsellor, Office, Person
from dap.plan.enums import Status
from dap.plan.models import Activity

WHO = ("self", "other", "nav", "nav_elsewhere", "leader", "leader_elsewhere", "anonymous")
"""Who tries each address: the person, another citizen, staff of this office and of another, nobody."""


@dataclass(frozen=True)
class Route:
    """One address of ours, with what its wrappers say about it."""

    name: str
    pattern: str
    get: Permission | None
    post: Permission | None
    wrapped: bool


def routes() -> list[Route]:
    """Every address that the resolver knows, each namespace for itself."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, namespace: str, before: str) -> "list[Route]":
    found: list[Route] = []
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            found += _walk(entry, inner, pattern)
        else:
            found.append(_route(entry, f"{namespace}{entry.name}", pattern))
    return found


def _route(entry: URLPattern, name: str, pattern: str) -> Route:
    views = getattr(entry.callback, "views", (entry.callback,))
    kinds = {getattr(view, "kind", None): getattr(view, "permission", None) for view in views}
    return Route(
        name=name,
        pattern=pattern,
        get=kinds.get("reader"),
        post=kinds.get("writer"),
        wrapped=None not in kinds and len(kinds) == len(views),
    )


@dataclass(frozen=True)
class World:
    """A person with an activity without messages, one with a thread, and everybody who may look."""

    person: Person
    actors: dict[str, Actor | None]
    activity: UUID | None
    talked: UUID | None
    thread: UUID | None

    @classmethod
    def of(cls, key: str) -> "World":
        """The world around a persona of the demo."""
        person = Person.objects.select_related("office").get(demopersona__key=key)
        elsewhere = Office.objects.exclude(id=person.office_id).order_by("id").first()
        assert elsewhere is not None
        other = Person.objects.filter(office=person.office).exclude(id=person.id).order_by("id").first()
        assert other is not None
        open_ones = Activity.objects.filter(
            person=person, agreed_at=None, historic_at=None, status__in=[Status.PLANNED, Status.IN_PROGRESS]
        ).exclude(type="SAMTALEREFERAT")
        thread = person.threads.filter(historic_at=None, activity=None).order_by("-last_message_at").first()
        talked = (
            person.threads.filter(historic_at=None, activity__isnull=False).order_by("created_at").first()
        )
        silent = open_ones.filter(threads=None).order_by("created_at").first()
        return cls(
            person=person,
            actors={
                "self": citizen_actor(person),
                "other": citizen_actor(other),
                "nav": _staff(person.office, "VEILEDER"),
                "nav_elsewhere": _staff(elsewhere, "VEILEDER"),
                "leader": _staff(person.office, "LEDER"),
                "leader_elsewhere": _staff(elsewhere, "LEDER"),
                "anonymous": None,
            },
            activity=silent.id if silent else None,
            talked=talked.activity_id if talked else None,
            thread=thread.id if thread else None,
        )

    def path(self, route: str, **other: object) -> str | None:
        """The address of a route with this world's ids, None where this person has nothing of that kind."""
        ids: dict[str, object] = {"type_code": "EGEN"}
        for name, value in (
            ("person_id", self.person.id),
            ("activity_id", self.activity),
            ("thread_id", self.thread),
        ):
            ids[name] = value
        ids |= other
        pattern = next(r.pattern for r in routes() if r.name == route)
        needed = {name: value for name, value in ids.items() if f":{name}>" in pattern}
        return None if None in needed.values() else reverse(route, kwargs=needed)


def _staff(office: Office, role: str) -> Actor:
    found = Counsellor.objects.filter(offices=office, role=role).order_by("ident").first()
    assert found is not None
    return staff_actor(found)


def persona_keys() -> list[str]:
    """The demo's citizens by key."""
    return list(DemoPersona.objects.exclude(person=None).order_by("rank").values_list("key", flat=True))


def browser(actor: Actor | None, *, csrf: bool = False) -> Client:
    """A browser in which this actor is logged in; a fault in a view comes back as our own page."""
    client = Client(enforce_csrf_checks=csrf, raise_request_exception=False)
    if actor is not None:
        session = client.session
        session[KEY] = {"role": str(actor.role), "id": str(actor.id)}
        session["seen"] = clock.now().isoformat()
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client


def token(actor: Actor | None, place: str = "proeve") -> dict[str, str]:
    """The hidden field of a form that was drawn for this actor."""
    return {form_token.FIELD: form_token.make(actor.key if actor else "", place)}


def fault_of(response: HttpResponse) -> str:
    """What a view failed with, for the message of an assertion."""
    info = getattr(response, "exc_info", None)
    return f"{info[0].__name__}: {info[1]}" if info else ""
