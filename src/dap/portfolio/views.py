"""The overview's pages: the lists, and the search."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from dap.access.enums import Permission
from dap.access.http import Request, see_other
from dap.access.views import reader, writer
from dap.core import clock
from dap.core.reason import Refused
from dap.portfolio import actions, queries
from dap.portfolio.enums import Show, Sort
from dap.portfolio.queries import Choice


@reader(Permission.SEE_OVERVIEW)
def my_people(request: Request) -> HttpResponse:
    """«Mine brukere»: the people whom the visitor follows up."""
    people = queries.my_people(request.actor, Choice.of(request.GET))
    request.looked_at = [line.id for line in people.lines]
    shows = [show for show in Show if show is not Show.UNASSIGNED]
    context = {"people": people, "sorts": list(Sort), "shows": shows, "with_counsellor": False}
    return render(request, "portfolio/my_people.html", context)


@reader(Permission.SEE_OVERVIEW)
def office_people(request: Request) -> HttpResponse:
    """«Enhetens brukere»: all people of the visitor's offices."""
    people = queries.office_people(request.actor, Choice.of(request.GET))
    request.looked_at = [line.id for line in people.lines]
    offices = queries.office_names(request.actor)
    context = {"people": people, "sorts": list(Sort), "shows": list(Show), "with_counsellor": True}
    return render(request, "portfolio/office_people.html", {**context, "offices": offices})


@reader(Permission.SEARCH_PEOPLE)
def search(request: Request) -> HttpResponse:
    """What a search found, or the empty field."""
    if not request.GET.get("s"):
        return render(request, "portfolio/search.html", {"search": None, "typed": "", "fault": ""})
    found = queries.search_page(request.actor, Choice.of(request.GET, default=Sort.NAME))
    if found.people:
        request.looked_at = [line.id for line in found.people.lines]
    context = {"search": found, "people": found.people, "sorts": list(Sort), "with_counsellor": True}
    return render(request, "portfolio/search.html", {**context, "typed": found.text, "fault": ""})


@writer(Permission.SEARCH_PEOPLE)
def start_search(request: Request) -> HttpResponse:
    """Search for what was typed: on to the person whose number it is, else to what was found.

    What can't be searched for is said beside the field, with the typed text still in it. It is drawn
    here and not by the wrapper, which would keep the text as a draft: it may be a person number.
    """
    text = request.POST.get("q", "")
    try:
        found = actions.search(text=text, by=request.actor, at=clock.now())
    except Refused as refused:
        fault = gettext(refused.reason.sentence) % refused.values
        return render(
            request, "portfolio/search.html", {"search": None, "typed": text, "fault": fault}, status=422
        )
    if isinstance(found, UUID):
        request.looked_at = [found]
        return see_other(request, "person:plan", person_id=found)
    return see_other(request, "search", query=f"?s={found.id}")
