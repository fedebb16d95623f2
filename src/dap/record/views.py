"""Where everybody begins: the citizen's home; staff go to their people."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from dap.access import scope
from dap.access.enums import Permission, Role
from dap.access.http import Request, link
from dap.access.views import reader
from dap.record import home as record_home


@reader(Permission.OWN_SETTINGS)
def start(request: Request) -> HttpResponse:
    """The front page of whoever is logged in."""
    actor = request.actor
    if actor.is_staff or actor.id is None:
        first = "office_people" if actor.role is Role.LEADER else "my_people"
        return HttpResponseRedirect(link(request, first))
    request.person = scope.person_for(actor, actor.id)
    return render(request, "record/home.html", {"home": record_home.home(actor, request.person)})
