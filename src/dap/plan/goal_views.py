"""The goal: read, write, and what it was before."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from dap.access.draft_views import draft_at, initial_with_draft
from dap.access.enums import Permission
from dap.access.http import Request, see_other
from dap.access.views import once, reader, writer
from dap.core import clock
from dap.core.reason import Refused
from dap.people.models import Person
from dap.plan import actions, queries
from dap.plan.forms import GoalForm, whole_number
from dap.plan.history import voice_of, who
from dap.plan.rules import PlanReason


def _place(person: Person) -> str:
    return f"maal:{person.id}"


def _refused(request: Request, refused: Refused, person: Person) -> HttpResponse:
    form = GoalForm(request.POST)
    form.refuse(refused)
    extra: dict[str, Any] = {}
    if refused.reason is PlanReason.STALE:
        # Saving again is a choice made with both versions in sight, so it carries the newer one's id.
        form.data = {**request.POST.dict(), "seen": str(refused.detail.id) if refused.detail else ""}
        extra = {"stored": refused.detail}
    return _page(request, person, form, extra, refused.reason.status)


def _page(
    request: Request, person: Person, form: GoalForm, extra: dict[str, Any], status: int = 200
) -> HttpResponse:
    voice = voice_of(request.actor)
    goals = queries.goals(person)
    context = {
        "person": person,
        "form": form,
        "place": _place(person),
        "goals": [(g, who(g, voice, request.actor)) for g in goals],
        "writable": request.actor.may(Permission.WRITE_PLAN) and queries.open_period(person) is not None,
        "saved": request.GET.get("lagret") == "1",
        "draft": None,
        "stored": None,
        **extra,
    }
    return render(request, "plan/goal.html", context, status=status)


@reader(Permission.SEE_PLAN)
def goal(request: Request, person: Person) -> HttpResponse:
    """The goal, a form to change it, and the earlier ones."""
    current = queries.current_goal(person)
    draft = draft_at(request, _place(person))
    initial = {"text": current.text if current else "", "seen": str(current.id) if current else ""}
    form = GoalForm(initial=initial_with_draft(initial, draft))
    return _page(request, person, form, {"draft": draft})


@writer(Permission.WRITE_PLAN, refused=_refused)
def set_goal(request: Request, person: Person) -> HttpResponse:
    """Write the goal."""
    once(
        request,
        lambda: (
            actions.set_goal(
                person=person,
                text=request.POST.get("text", ""),
                seen_goal_id=whole_number(request.POST.get("seen")),
                by=request.actor,
                at=clock.now(),
            ).id
        ),
    )
    return see_other(request, "person:goal", person_id=person.id, query="?lagret=1")
