"""The plan as a board and as a list, and moving cards between columns."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext

from dap.access.enums import Permission
from dap.access.http import Request, link, page_or_fragment, see_other
from dap.access.views import once, reader, writer
from dap.core import clock
from dap.core.reason import Refused
from dap.core.sentences import refusal_sentence
from dap.people.models import Person
from dap.plan import actions, queries, rules
from dap.plan.enums import Status
from dap.plan.filters import Filters, chips_of
from dap.plan.forms import MoveForm, whole_number
from dap.plan.rules import PlanReason


def _move_refused(request: Request, refused: Refused, person: Person, activity_id: UUID) -> HttpResponse:
    if request.htmx and request.POST.get("fra") == "dra":  # a drag: the board as it is, and the sentence
        return _board_refused(request, person, refused)
    data = request.POST.copy()
    if refused.reason is PlanReason.STALE:
        data["version"] = str(refused.detail.activity.version)
    form = MoveForm(data)
    form.refuse(refused)
    response = _move_page(request, person, activity_id, form, refused.reason.status, refused)
    if request.htmx:
        response["HX-Retarget"] = "#flytt-innhold"
        response["HX-Reswap"] = "innerHTML"
    return response


def _undo_refused(request: Request, refused: Refused, person: Person, activity_id: UUID) -> HttpResponse:
    return _board_refused(request, person, refused)


def _board_refused(request: Request, person: Person, refused: Refused) -> HttpResponse:
    context = _board_context(request, person)
    context["refused"] = (
        gettext("Kortet er endret i mellomtiden. Tavlen viser nå det som gjelder. Prøv igjen.")
        if refused.reason is PlanReason.STALE
        else refusal_sentence(refused)
    )
    return page_or_fragment(request, "plan/board.html", "plan/_board.html", context, refused.reason.status)


def _move_page(
    request: Request,
    person: Person,
    activity_id: UUID,
    form: MoveForm,
    status: int,
    refused: Refused | None = None,
) -> HttpResponse:
    page = queries.activity_page(request.actor, person, activity_id)
    stale = refused.detail if refused and refused.reason is PlanReason.STALE else None
    form.fields["reason"].help_text = (
        gettext("Må fylles ut når en avtalt aktivitet fullføres eller avbrytes.")
        if page.reason_on_finish
        else gettext("Trengs bare hvis du vil forklare hvorfor.")
    )
    context = {
        "person": person,
        "page": page,
        "activity": page.card.activity,
        "form": form,
        "place": f"flytt:{activity_id}",
        "stale": stale,
    }
    return page_or_fragment(request, "plan/move.html", "plan/_move.html", context, status)


def _board_context(request: Request, person: Person, moved: str = "", undone: str = "") -> dict[str, Any]:
    asked = request.GET if request.method == "GET" else QueryDict(request.POST.get("visning", ""))
    shown = queries.board(
        request.actor,
        person,
        filters=Filters.of(asked),
        period_id=asked.get("periode", ""),
        moved=moved or asked.get("flyttet", ""),
    )
    undone = undone or asked.get("angret", "")
    current = rules.parse_status(asked.get("status", "")) or _first_with_cards(shown)
    shown_card = shown.undo or next((c for c in shown.all_cards if str(c.id) == undone), None)
    if shown_card:
        current = shown_card.status
    view = asked.copy()
    for once_only in ("flyttet", "angret", "ny"):
        view.pop(once_only, None)
    return {
        "person": person,
        "board": shown,
        "current": current,
        "chips": chips_of(shown.filters, asked, link(request, _view_name(request), person_id=person.id)),
        "query": asked,
        "view": view.urlencode(),
        "filter_options": {
            "types": [(str(t), gettext(t.label)) for t in shown.choices.types],
            "applications": [(str(a), gettext(a.label)) for a in shown.choices.applications],
        },
        "undone": undone,
        "created": asked.get("ny", ""),
        "refused": "",
    }


def _view_name(request: Request) -> str:
    match = request.resolver_match
    return "person:plan_list" if match and match.url_name == "plan_list" else "person:plan"


def _first_with_cards(shown: queries.Board) -> Status:
    """On the phone one column is shown at a time: what goes on, else the first that has cards."""
    by_status = {column.status: column.count for column in shown.columns}
    if by_status[Status.IN_PROGRESS]:
        return Status.IN_PROGRESS
    return next((column.status for column in shown.columns if column.count), Status.PLANNED)


@reader(Permission.SEE_PLAN)
def board(request: Request, person: Person) -> HttpResponse:
    """The plan as a board of five columns."""
    return page_or_fragment(request, "plan/board.html", "plan/_board.html", _board_context(request, person))


@reader(Permission.SEE_PLAN)
def plan_list(request: Request, person: Person) -> HttpResponse:
    """The same plan as a list, newest change first."""
    return page_or_fragment(request, "plan/list.html", "plan/_list.html", _board_context(request, person))


@writer(Permission.SEE_PLAN)
def mark_all_seen(request: Request, person: Person) -> HttpResponse:
    """Take away all unread dots of this viewer."""
    once(request, lambda: queries.mark_all_seen(request.actor, person))
    return see_other(request, "person:plan", person_id=person.id)


@reader(Permission.WRITE_PLAN)
def move(request: Request, person: Person, activity_id: UUID) -> HttpResponse:
    """The form that moves a card: for keyboard, touch and every browser; in a dialog on the board."""
    activity = queries.activity_in(person, activity_id)
    wanted = rules.parse_status(request.GET.get("til", ""))
    form = MoveForm(initial={"to": str(wanted or activity.status), "version": activity.version})
    return _move_page(request, person, activity_id, form, 200)


@writer(Permission.WRITE_PLAN, refused=_move_refused)
def change_status(request: Request, person: Person, activity_id: UUID) -> HttpResponse:
    """Move a card. From the board the board comes back, from the card's page one goes there."""

    def act() -> str:
        to = rules.parse_status(request.POST.get("to", ""))
        if to is None:
            raise Refused(PlanReason.UNKNOWN_STATUS, field="to")
        activity = actions.change_status(
            activity=queries.activity_for_change(person, activity_id),
            version=whole_number(request.POST.get("version")) or 0,
            to=to,
            reason=request.POST.get("reason", ""),
            by=request.actor,
            at=clock.now(),
        )
        return str(activity.id)

    moved = once(request, act)
    if request.htmx:
        return render(request, "plan/_board.html", _board_context(request, person, moved=moved))
    return see_other(request, "person:plan", person_id=person.id, query=f"?flyttet={moved}#kort-{moved}")


@writer(Permission.WRITE_PLAN, refused=_undo_refused)
def undo(request: Request, person: Person, activity_id: UUID) -> HttpResponse:
    """Take back the last move."""

    def act() -> str:
        activity = queries.activity_for_change(person, activity_id)
        version = whole_number(request.POST.get("version")) or 0
        return str(actions.undo_move(activity=activity, version=version, by=request.actor, at=clock.now()).id)

    moved = once(request, act)
    if request.htmx:
        return render(request, "plan/_board.html", _board_context(request, person, undone=moved))
    return see_other(request, "person:plan", person_id=person.id, query=f"?angret={moved}#kort-{moved}")
