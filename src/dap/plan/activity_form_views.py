"""Making an activity and changing it: the form, what is wrong with it, and two versions side by side."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from dap.access.draft_views import draft_at, initial_with_draft
from dap.access.enums import Permission
from dap.access.http import Request, see_other
from dap.access.problems import refusal
from dap.access.rules import AccessReason
from dap.access.views import once, reader, writer
from dap.core import clock
from dap.core.enums import Side
from dap.core.reason import Refused
from dap.people.models import Person
from dap.plan import actions, queries, rules
from dap.plan.activity_types import ACTIVITY_TYPES, FieldKind, creatable_by
from dap.plan.enums import ActivityType, Status
from dap.plan.forms import activity_form, whole_number
from dap.plan.history import describe, voice_of
from dap.plan.models import Activity
from dap.plan.rules import PlanReason


class _Invalid(Exception):
    """Typed text that could not be read; carries the form with its sentences."""

    def __init__(self, form: Any) -> None:
        super().__init__()
        self.form = form


def _type(request: Request, code: str) -> ActivityType:
    """The type in the address, when this party may create it; else 404 or the rule's sentence."""
    if code not in set(ActivityType):
        raise Refused(AccessReason.NOT_FOUND)
    activity_type = ActivityType(code)
    if reason := rules.judge_create(activity_type, request.actor.side, period_open=True):
        raise Refused(reason)
    return activity_type


def _form_class(activity_type: ActivityType) -> Any:
    return activity_form(activity_type, frozenset(spec.name for spec in ACTIVITY_TYPES[activity_type].fields))


def _bound(request: Request, stored: Activity) -> Any:
    editable = rules.editable_fields(queries.facts_of(stored), request.actor.side)
    form = activity_form(ActivityType(stored.type), editable)(request.POST)
    form.unchanged = actions.field_values(stored)
    return form


def _new_place(person: Person, activity_type: ActivityType) -> str:
    return f"ny-aktivitet:{person.id}:{activity_type}"


def _edit_place(activity_id: UUID) -> str:
    return f"aktivitet:{activity_id}"


def _comparison(form: Any, stored: Activity) -> list[tuple[str, str, str]]:
    """Field by field where the typed and the stored version differ: label, typed, stored."""
    rows = []
    for spec in ACTIVITY_TYPES[ActivityType(stored.type)].fields:
        typed = str(form.data.get(spec.name, "")).strip().replace("\r\n", "\n")
        value = actions.field_values(stored)[spec.name]
        kept = f"{value:%d.%m.%Y}" if spec.kind is FieldKind.DATE and value else str(value or "")
        if spec.name in form.data and typed != kept:
            rows.append((gettext(spec.label), typed or "–", kept or "–"))
    return rows


def _new_page(
    request: Request,
    person: Person,
    activity_type: ActivityType,
    form: Any,
    extra: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    context = {
        "person": person,
        "spec": ACTIVITY_TYPES[activity_type],
        "form": form,
        "place": _new_place(person, activity_type),
        "may_propose": request.actor.side is Side.NAV,
        "start": request.POST.get("start", "forslag"),
        "draft": None,
        **extra,
    }
    return render(request, "plan/new.html", context, status=status)


def _edit_page(
    request: Request,
    person: Person,
    page: queries.ActivityPage,
    form: Any,
    extra: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    context = {
        "person": person,
        "page": page,
        "activity": page.card.activity,
        "spec": page.card.spec,
        "form": form,
        "place": _edit_place(page.card.id),
        "draft": None,
        "stale": None,
        "stale_changes": [],
        "locked": "",
        **extra,
    }
    return render(request, "plan/edit.html", context, status=status)


def _create_refused(request: Request, refused: Refused, person: Person, type_code: str) -> HttpResponse:
    if type_code not in set(ActivityType) or refused.reason is PlanReason.TYPE_NOT_CREATED:
        return refusal(request, refused.reason)
    activity_type = ActivityType(type_code)
    form = _form_class(activity_type)(request.POST)
    form.refuse(refused)
    return _new_page(request, person, activity_type, form, {}, refused.reason.status)


def _save_refused(request: Request, refused: Refused, person: Person, activity_id: UUID) -> HttpResponse:
    page = queries.activity_page(request.actor, person, activity_id)
    stored = page.card.activity
    form = _bound(request, stored)
    extra: dict[str, Any] = {}
    if refused.reason is PlanReason.STALE:
        form.data = form.data.copy()
        form.data["version"] = str(stored.version)  # saving again is a choice made with both in sight
        extra["stale"] = _comparison(form, stored)
        voice = voice_of(request.actor)
        extra["stale_changes"] = [
            describe(change, page.card.type, voice, request.actor) for change in refused.detail.changes
        ]
        if page.edit_refused:  # e.g. finished meanwhile: what was typed is shown to copy
            extra["locked"] = gettext(page.edit_refused.sentence)
    form.refuse(refused)
    return _edit_page(request, person, page, form, extra, refused.reason.status)


@reader(Permission.WRITE_PLAN)
def choose_type(request: Request, person: Person) -> HttpResponse:
    """The types that one may add."""
    context = {"person": person, "types": creatable_by(request.actor.side)}
    return render(request, "plan/types.html", context)


@reader(Permission.WRITE_PLAN)
def new(request: Request, person: Person, type_code: str) -> HttpResponse:
    """An empty form, with today's date and what its author had typed before."""
    activity_type = _type(request, type_code)
    place = _new_place(person, activity_type)
    draft = draft_at(request, place)
    spec = ACTIVITY_TYPES[activity_type]
    today = clock.today()
    initial: dict[str, Any] = {"from_date": today}
    if spec.default_days:
        initial["to_date"] = today + timedelta(days=spec.default_days)
    form = _form_class(activity_type)(initial=initial_with_draft(initial, draft))
    return _new_page(request, person, activity_type, form, {"draft": draft})


@writer(Permission.WRITE_PLAN, refused=_create_refused)
def create(request: Request, person: Person, type_code: str) -> HttpResponse:
    """Add the activity; the way leads back to its card in its column."""
    activity_type = _type(request, type_code)
    form = _form_class(activity_type)(request.POST)
    if not form.is_valid():
        return _new_page(request, person, activity_type, form, {}, 422)
    as_proposal = request.actor.side is Side.NAV and request.POST.get("start") == "forslag"
    status = Status.PROPOSED if as_proposal else Status.PLANNED
    made = once(
        request,
        lambda: (
            actions.create_activity(
                person=person,
                type=activity_type,
                values=form.typed(),
                status=status,
                by=request.actor,
                at=clock.now(),
            ).id
        ),
    )
    return see_other(
        request, "person:plan", person_id=person.id, query=f"?ny={made}&status={status}#kort-{made}"
    )


@reader(Permission.WRITE_PLAN)
def edit(request: Request, person: Person, activity_id: UUID) -> HttpResponse:
    """The form with what is stored, or with what its author had typed before."""
    page = queries.activity_page(request.actor, person, activity_id)
    if page.edit_refused:
        raise Refused(page.edit_refused)
    shown = page.card.activity
    draft = draft_at(request, _edit_place(activity_id))
    initial = {**actions.field_values(shown), "version": shown.version}
    form = activity_form(page.card.type, page.editable)(initial=initial_with_draft(initial, draft))
    return _edit_page(request, person, page, form, {"draft": draft})


@writer(Permission.WRITE_PLAN, refused=_save_refused)
def save(request: Request, person: Person, activity_id: UUID) -> HttpResponse:
    """Change the activity."""

    def act() -> str:
        stored = queries.activity_for_change(person, activity_id)
        version = whole_number(request.POST.get("version")) or 0
        form = _bound(request, stored)
        if not form.is_valid() and stored.version == version:
            raise _Invalid(form)
        values = form.typed() if form.is_valid() else {}
        edited = actions.edit_activity(
            activity=stored, version=version, values=values, by=request.actor, at=clock.now()
        )
        return str(edited.id)

    try:
        once(request, act)
    except _Invalid as invalid:
        page = queries.activity_page(request.actor, person, activity_id)
        return _edit_page(request, person, page, invalid.form, {}, 422)
    return see_other(
        request, "person:activity", person_id=person.id, activity_id=activity_id, query="?lagret=1"
    )
