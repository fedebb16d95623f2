"""Pages that say no, in a sentence, and give back what was typed."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dap.core import clock, drafts, form_token
from dap.core.reason import Reason
from dap.core.sentences import sentence


def keep_typed(request: HttpRequest) -> dict[str, str]:
    """What was typed in a refused post, saved as a draft for the one the form was drawn for.

    Only the owner of the form gets it back, since the token in the form is signed.
    """
    if request.method != "POST":
        return {}
    typed = drafts.typed_fields(request.POST)
    token = form_token.read(request.POST.get(form_token.FIELD, ""))
    if token and token.actor_key and any(typed.values()):
        with transaction.atomic():
            drafts.save(
                actor_key=token.actor_key, place=token.place, fields=typed, at=clock.now(), key=token.key
            )
    return typed


def problem(
    request: HttpRequest,
    words: str,
    status: int,
    *,
    typed: dict[str, str] | None = None,
    retry: bool = False,
) -> HttpResponse:
    """The page, or the fragment for the page's alert region, that tells what is wrong.

    `retry` draws a button that posts the same again (same idempotency key, fresh CSRF token).
    """
    htmx = bool(request.headers.get("HX-Request"))
    template = "access/_problem.html" if htmx else "access/problem.html"
    visible = {name: value for name, value in (typed or {}).items() if value.strip()}
    response = render(
        request,
        template,
        {
            "sentence": words,
            "status": status,
            "typed": visible,
            "all_typed": typed or {},
            "retry": retry and bool(typed),
            "form_token_field": form_token.FIELD,
            "posted_token": request.POST.get(form_token.FIELD, "") if request.method == "POST" else "",
        },
        status=status,
    )
    if htmx:
        response["HX-Retarget"] = "#alerts"
        response["HX-Reswap"] = "innerHTML"
    return response


def refusal(request: HttpRequest, reason: Reason, *, typed: dict[str, str] | None = None) -> HttpResponse:
    """The page of a reason: its translated sentence and its status."""
    return problem(request, sentence(reason), reason.status, typed=typed)
