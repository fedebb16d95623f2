"""The demo's login: choose whom to be. These addresses exist only where DAP_DEMO=1."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from dap.access import sessions
from dap.access.enums import Permission
from dap.access.http import Request, go, safe_address
from dap.access.rules import AccessReason
from dap.access.views import reader, writer
from dap.core.reason import Refused
from dap.demo.models import DemoPersona


@reader(Permission.PUBLIC)
def personas(request: Request) -> HttpResponse:
    """The page of personas."""
    found = list(DemoPersona.objects.select_related("person", "counsellor").order_by("rank"))
    context = {
        "citizens": [p for p in found if p.person_id],
        "staff": [p for p in found if p.counsellor_id],
        "next": safe_address(request, request.GET.get("next", "/")),
        "kept": request.GET.get("utkast") == "1",
    }
    return render(request, "demo/personas.html", context)


@writer(Permission.PUBLIC)
def begin(request: Request) -> HttpResponse:
    """Log in as a persona."""
    kind, _, text = request.POST.get("hvem", "").partition(":")
    try:
        who = UUID(text)
    except ValueError:
        raise Refused(AccessReason.NOT_FOUND) from None
    found = DemoPersona.objects.select_related("person", "counsellor")
    persona = found.filter(**{"person_id" if kind == "bruker" else "counsellor_id": who}).first()
    if persona is not None and persona.person is not None:
        sessions.begin(request, sessions.citizen_actor(persona.person))
    elif persona is not None and persona.counsellor is not None:
        sessions.begin(request, sessions.staff_actor(persona.counsellor))
    else:
        raise Refused(AccessReason.NOT_FOUND)
    return go(safe_address(request, request.POST.get("next", "/")))
