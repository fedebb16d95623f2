"""What the dialogue shows on pages of other rooms: the thread of a card, the badges of a board.

The templates call these (wired in config/jinja.py), since the plan stands below the dialogue.
"""

from dataclasses import dataclass
from uuid import UUID

from dap.access.draft_views import draft_at, initial_with_draft
from dap.access.enums import Permission
from dap.access.http import Request
from dap.core.models import Draft
from dap.design.forms import Form
from dap.dialogue import queries
from dap.dialogue.forms import MessageForm
from dap.dialogue.views import about_place, note_read
from dap.plan.models import Activity


@dataclass(frozen=True)
class ActivityDialogue:
    """The dialogue of an activity as its page shows it."""

    page: queries.ThreadPage | None
    form: Form
    place: str
    draft: Draft | None
    writable: bool


def activity_thread(request: Request, activity: Activity) -> ActivityDialogue:
    """The thread of an activity, its draft and whether one may write; shown, it counts as read."""
    person = request.person
    assert person is not None
    page = queries.activity_thread(request.actor, person, activity)
    if page:
        note_read(request, person, page)
    place = about_place(activity.id)
    draft = draft_at(request, place)
    open_for_writing = activity.historic_at is None and activity.period.ended_at is None
    return ActivityDialogue(
        page=page,
        form=MessageForm(initial=initial_with_draft({}, draft)),
        place=place,
        draft=draft,
        writable=open_for_writing and request.actor.may(Permission.WRITE_DIALOGUE),
    )


def activity_badges(request: Request) -> dict[UUID, queries.Badge]:
    """The badges of the board on the page."""
    assert request.person is not None
    return queries.activity_badges(request.actor, request.person)
