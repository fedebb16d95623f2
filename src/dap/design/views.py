"""The gallery: every component in its states, to look at and for the tests to check."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dap.core.text import N_
from dap.design import forms
from dap.design.vendor import ICONS


class _GalleryForm(forms.Form):
    title = forms.TextField(
        label=N_("Tittel"), max_length=50, required_message=N_("Gi aktiviteten en tittel.")
    )
    start = forms.DateField(label=N_("Fra dato"))
    link = forms.UrlField(label=N_("Lenke"), required=False, help_text=N_("Lim inn adressen til annonsen."))
    text = forms.TextArea(label=N_("Beskrivelse"), max_length=200, required=False)
    kind = forms.SelectField(
        label=N_("Hva handler det om?"), choices=[("cv", N_("CV og søknad")), ("kurs", N_("Kurs"))]
    )
    status = forms.RadioField(
        label=N_("Hvor langt er du kommet?"),
        choices=[("plan", N_("Jeg planlegger")), ("gang", N_("Jeg er i gang"))],
        descriptions={"gang": N_("Du har begynt, og er ikke ferdig.")},
    )
    help = forms.CheckboxesField(
        label=N_("Hva trenger du hjelp til?"),
        choices=[("cv", N_("Skrive CV")), ("intervju", N_("Øve på intervju"))],
        required=False,
    )
    sure = forms.CheckboxField(label=N_("Jeg har lest dette"), required=True)


_FILLED = {"title": "Oppdater CV-en", "start": "05.03.2026", "kind": "cv", "status": "gang", "help": ["cv"]}
_WRONG = {"title": " ", "start": "31.02.2026", "link": "javascript:alert(1)", "text": "x" * 201}


def gallery_context(theme: str) -> dict[str, object]:
    """Return what the gallery's template needs; `theme` is the chosen one, for the switch."""
    return {
        "theme": theme,
        "empty_form": _GalleryForm(initial=_FILLED, auto_id="id_a_%s"),
        "wrong_form": _GalleryForm(_WRONG, auto_id="id_b_%s"),
        "gallery_page": lambda number: f"?page={number}",
        "icon_names": sorted(ICONS),
    }


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Draw all components; `?theme=light|dark|system` chooses the colours of this page."""
    theme = request.GET.get("theme", "system")
    if theme not in {"light", "dark"}:
        theme = "system"
    request.theme = theme  # type: ignore[attr-defined]
    return render(request, "design/gallery.html", gallery_context(theme))
