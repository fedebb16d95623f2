"""Logging in and out, and choosing language and look.

What identifies somebody is a seam: the demo's personas (demo/views.py) now, OIDC later; both end in
`sessions.begin`.
"""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from dap.access import sessions
from dap.access.enums import Permission
from dap.access.http import Request, go, safe_address
from dap.access.middleware import LANGUAGE_COOKIE, LANGUAGES, THEME_COOKIE, THEMES, remember
from dap.access.views import reader, writer
from dap.people.models import Counsellor, Person


@reader(Permission.PUBLIC)
def login(request: Request) -> HttpResponse:
    """Where whoever is not logged in comes; until a provider is set up it says so."""
    return render(request, "access/login.html", {"kept": request.GET.get("utkast") == "1"})


@writer(Permission.OWN_SETTINGS)
def end(request: Request) -> HttpResponse:
    """Log out."""
    sessions.end(request)
    return go(reverse("login"))


@reader(Permission.OWN_SETTINGS)
def more(request: Request) -> HttpResponse:
    """Language, look, and logging out."""
    return render(request, "access/more.html")


@writer(Permission.PUBLIC)
def choose(request: Request) -> HttpResponse:
    """Remember language and look: on this device, and the language with whoever is logged in."""
    response = go(safe_address(request, request.POST.get("next", "/")))
    language, theme = request.POST.get("spraak", ""), request.POST.get("utseende", "")
    if language in LANGUAGES:
        remember(response, LANGUAGE_COOKIE, language)
        visitor = request.visitor
        if visitor and visitor.id:
            table = Counsellor if visitor.is_staff else Person
            table.objects.filter(id=visitor.id).update(language=language)
    if theme in THEMES:
        remember(response, THEME_COOKIE, theme)
    return response
