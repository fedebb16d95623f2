"""Saving and finding what somebody is typing."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext

from dap.access.enums import Permission
from dap.access.http import Request, go, safe_address
from dap.access.views import writer
from dap.core import clock, drafts
from dap.core.models import Draft
from dap.core.words import clock_time


@writer(Permission.SAVE_DRAFT)
def save(request: Request) -> HttpResponse:
    """Keep what stands in a form now; answers with the words to show («Kladd lagret kl. 9.41»)."""
    typed = drafts.typed_fields(request.POST)
    kept = drafts.save(
        actor_key=request.actor.key,
        place=request.token.place,
        fields=typed,
        at=clock.now(),
        key=request.token.key,
    )
    if not kept:
        return JsonResponse({"said": ""})
    return JsonResponse({"said": gettext("Kladd lagret kl. %(clock)s") % {"clock": clock_time(clock.now())}})


@writer(Permission.SAVE_DRAFT)
def discard(request: Request) -> HttpResponse:
    """Throw the draft of a place away, and go back to its form as it is without it."""
    drafts.discard(actor_key=request.actor.key, place=request.token.place)
    return go(safe_address(request, request.POST.get("next", "/")))


def draft_at(request: HttpRequest, place: str) -> Draft | None:
    """The actor's own draft of this place; nobody's in «Vis som bruker»."""
    actor = request.actor  # type: ignore[attr-defined]
    return None if actor.viewing_as_citizen else drafts.find(actor_key=actor.key, place=place)


def initial_with_draft(initial: dict[str, Any], draft: Draft | None) -> dict[str, Any]:
    """What a form starts with: what is stored, and over it what its author had typed."""
    return {**initial, **draft.fields} if draft else initial
