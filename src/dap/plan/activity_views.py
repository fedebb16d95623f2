"""One activity: its page, its application status, and agreeing on it."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext

from dap.access.enums import Permission
from dap.access.http import Request, page_or_fragment, see_other
from dap.access.views import once, reader, writer
from dap.core import clock
from dap.core.reason import Refused
from dap.people.models import Person
from dap.plan import actions, queries
from dap.plan.activity_types import FieldKind
from dap.plan.enums import ApplicationStatus
from dap.plan.forms import ApplicationForm, whole_number
from dap.plan.history import describe, voice_of, who


def _activity_page(
    request: Request, person: Person, page: queries.ActivityPage, refused: str = "", status: int = 200
) -> HttpResponse:
    shown = page.card.activity
    voice = voice_of(request.actor)
    context = {
        "person": person,
        "page": page,
        "activity": shown,
        "card": page.card,
        "spec": page.card.spec,
        "values": actions.field_values(shown),
        "FieldKind": FieldKind,
        "made_by": who(shown, voice, request.actor),
        "history": [
            (change, describe(change, page.card.type, voice, request.actor)) for change in page.history
        ],
        "application_form": ApplicationForm(
            initial={
                "application_status": shown.application_status or ApplicationStatus.NOT_STARTED,
                "version": shown.version,
            }
        ),
        "saved": request.GET.get("lagret", ""),
        "refused": refused,
    }
    return page_or_fragment(request, "plan/activity.html", "plan/_activity.html", context, status)


def _act_refused(request: Request, refused: Refused, person: Person, activity_id: UUID) -> HttpResponse:
    page = queries.activity_page(request.actor, person, activity_id)
    return _activity_page(request, person, page, gettext(refused.reason.sentence), refused.reason.status)


@reader(Permission.SEE_PLAN)
def activity(request: Request, person: Person, activity_id: UUID) -> HttpResponse:
    """The page of an activity."""
    page = queries.activity_page(request.actor, person, activity_id)
    shown = page.card.activity
    request.after_look.append(lambda: queries.mark_seen(request.actor, shown))
    return _activity_page(request, person, page)


@writer(Permission.WRITE_PLAN, refused=_act_refused)
def set_application(request: Request, person: Person, activity_id: UUID) -> HttpResponse:
    """Tell how far an application has come."""

    def act() -> str:
        changed = actions.set_application_status(
            activity=queries.activity_for_change(person, activity_id),
            version=whole_number(request.POST.get("version")) or 0,
            code=request.POST.get("application_status", ""),
            by=request.actor,
            at=clock.now(),
        )
        return str(changed.id)

    once(request, act)
    return see_other(
        request, "person:activity", person_id=person.id, activity_id=activity_id, query="?lagret=1"
    )


@writer(Permission.AGREE, refused=_act_refused)
def agree(request: Request, person: Person, activity_id: UUID) -> HttpResponse:
    """Set the activity as agreed with Nav."""

    def act() -> str:
        stored = queries.activity_for_change(person, activity_id)
        version = whole_number(request.POST.get("version")) or 0
        return str(actions.agree(activity=stored, version=version, by=request.actor, at=clock.now()).id)

    once(request, act)
    return see_other(
        request, "person:activity", person_id=person.id, activity_id=activity_id, query="?lagret=avtalt"
    )
