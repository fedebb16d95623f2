"""The dialogue: the list of threads, a thread, writing, and whom it waits for."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from dap.access.draft_views import draft_at, initial_with_draft
from dap.access.enums import Permission
from dap.access.http import Request, page_or_fragment, see_other
from dap.access.views import once, reader, writer
from dap.core import clock
from dap.core.reason import Refused
from dap.design.forms import Form
from dap.dialogue import actions, queries
from dap.dialogue.forms import MessageForm, ThreadForm
from dap.dialogue.queries import ThreadPage
from dap.people.models import Person
from dap.plan.models import Activity
from dap.plan.queries import activity_for_change, activity_in


def _new_place(person: Person) -> str:
    return f"ny-traad:{person.id}"


def _to_message(request: Request, person: Person, message_id: str) -> HttpResponse:
    thread_id = queries.thread_of_message(person, UUID(message_id))
    return see_other(
        request, "person:thread", person_id=person.id, thread_id=thread_id, query=f"?sendt={message_id}#siste"
    )


def _reply_refused(request: Request, refused: Refused, person: Person, thread_id: UUID) -> HttpResponse:
    form = MessageForm(request.POST)
    form.refuse(refused)
    page = queries.thread_page(request.actor, person, thread_id)
    return _thread_page(request, person, page, form, {}, refused.reason.status)


def _mark_refused(request: Request, refused: Refused, person: Person, thread_id: UUID) -> HttpResponse:
    response = _reply_refused(request, refused, person, thread_id)
    if request.htmx:  # the thread as it now is, not only the marks
        response["HX-Retarget"] = "#traad"
    return response


def _start_refused(request: Request, refused: Refused, person: Person) -> HttpResponse:
    form = ThreadForm(request.POST)
    form.refuse(refused)
    return _new_page(request, person, None, form, {}, refused.reason.status)


def _about_refused(request: Request, refused: Refused, person: Person, activity_id: UUID) -> HttpResponse:
    form = MessageForm(request.POST)
    form.refuse(refused)
    activity = activity_in(person, activity_id)
    return _new_page(request, person, activity, form, {}, refused.reason.status)


def _new_page(
    request: Request,
    person: Person,
    activity: Activity | None,
    form: Form,
    extra: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    context = {
        "person": person,
        "activity": activity,
        "form": form,
        "place": about_place(activity.id) if activity else _new_place(person),
        "draft": None,
        **extra,
    }
    return page_or_fragment(request, "dialogue/new.html", "dialogue/_new.html", context, status)


def _thread_page(
    request: Request,
    person: Person,
    page: ThreadPage,
    form: Form,
    extra: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "person": person,
        "page": page,
        "form": form,
        "place": reply_place(page.item.id),
        "sent": request.GET.get("sendt", ""),
        "marked": request.GET.get("merket") == "1",
        "focus": "",
        "draft": None,
        "open": page.item.id,
        **extra,
    }
    if not request.htmx:
        context["threads"] = queries.threads(request.actor, person)
    return page_or_fragment(request, "dialogue/thread.html", "dialogue/_thread.html", context, status)


@reader(Permission.SEE_DIALOGUE)
def thread_list(request: Request, person: Person) -> HttpResponse:
    """All threads, with none open."""
    context = {
        "person": person,
        "threads": queries.threads(request.actor, person),
        "open": None,
        "draft": draft_at(request, _new_place(person)),
    }
    return page_or_fragment(request, "dialogue/threads.html", "dialogue/_thread_list.html", context)


@reader(Permission.SEE_DIALOGUE)
def waiting_thread(request: Request, person: Person) -> HttpResponse:
    """On to the thread that has called longest on the reader's side; to the list where none does."""
    thread_id = queries.longest_waiting(request.actor, person)
    if thread_id is None:
        return see_other(request, "person:dialogue", person_id=person.id)
    return see_other(request, "person:thread", person_id=person.id, thread_id=thread_id, query="#siste")


@reader(Permission.SEE_DIALOGUE)
def thread(request: Request, person: Person, thread_id: UUID) -> HttpResponse:
    """A thread with its composer; shown, it is read by the viewer's side up to its last message."""
    page = queries.thread_page(request.actor, person, thread_id)
    note_read(request, person, page)
    draft = draft_at(request, reply_place(thread_id))
    form = MessageForm(initial=initial_with_draft({}, draft))
    return _thread_page(request, person, page, form, {"draft": draft})


@writer(Permission.WRITE_DIALOGUE, refused=_reply_refused)
def reply(request: Request, person: Person, thread_id: UUID) -> HttpResponse:
    """Send a message in a thread."""

    def act() -> str:
        live = queries.thread_for_change(person, thread_id)
        text = request.POST.get("text", "")
        return str(actions.reply(thread=live, text=text, by=request.actor, at=clock.now()).id)

    sent = once(request, act)
    return see_other(
        request, "person:thread", person_id=person.id, thread_id=thread_id, query=f"?sendt={sent}#siste"
    )


@reader(Permission.WRITE_DIALOGUE)
def new_thread(request: Request, person: Person) -> HttpResponse:
    """The form for a new free thread."""
    draft = draft_at(request, _new_place(person))
    form = ThreadForm(initial=initial_with_draft({}, draft))
    return _new_page(request, person, None, form, {"draft": draft})


@writer(Permission.WRITE_DIALOGUE, refused=_start_refused)
def start_thread(request: Request, person: Person) -> HttpResponse:
    """Open a free thread with its first message."""
    made = once(
        request,
        lambda: (
            actions.start_thread(
                person=person,
                title=request.POST.get("title", ""),
                text=request.POST.get("text", ""),
                asks_citizen=request.POST.get("asks_citizen") == "on",
                by=request.actor,
                at=clock.now(),
            ).id
        ),
    )
    return _to_message(request, person, made)


@reader(Permission.WRITE_DIALOGUE)
def about_activity(request: Request, person: Person, activity_id: UUID) -> HttpResponse:
    """The form for the first message about an activity; where it has a thread, that one."""
    activity = activity_in(person, activity_id)
    page = queries.activity_thread(request.actor, person, activity)
    if page and page.item.live:
        return see_other(request, "person:thread", person_id=person.id, thread_id=page.item.id)
    draft = draft_at(request, about_place(activity_id))
    form = MessageForm(initial=initial_with_draft({}, draft))
    return _new_page(request, person, activity, form, {"draft": draft})


@writer(Permission.WRITE_DIALOGUE, refused=_about_refused)
def write_about_activity(request: Request, person: Person, activity_id: UUID) -> HttpResponse:
    """Write about an activity, in its thread or in a new one."""
    made = once(
        request,
        lambda: (
            actions.write_about_activity(
                person=person,
                activity=activity_for_change(person, activity_id),
                text=request.POST.get("text", ""),
                asks_citizen=request.POST.get("asks_citizen") == "on",
                by=request.actor,
                at=clock.now(),
            ).id
        ),
    )
    return _to_message(request, person, made)


@writer(Permission.HANDLE_DIALOGUE, refused=_mark_refused)
def mark_waits(request: Request, person: Person, thread_id: UUID) -> HttpResponse:
    """Tell by hand whom the thread waits for."""

    def act() -> str:
        actions.mark_waits(
            thread=queries.thread_for_change(person, thread_id),
            nav=request.POST.get("nav") == "on",
            citizen=request.POST.get("citizen") == "on",
            by=request.actor,
            at=clock.now(),
        )
        return str(thread_id)

    once(request, act)
    if request.htmx:
        page = queries.thread_page(request.actor, person, thread_id)
        changed = request.headers.get("HX-Trigger-Name", "")
        context = {"person": person, "page": page, "marked": True, "focus": changed}
        return render(request, "dialogue/_waits.html", context)
    return see_other(request, "person:thread", person_id=person.id, thread_id=thread_id, query="?merket=1")


def note_read(request: Request, person: Person, page: ThreadPage) -> None:
    """Once the page has been shown, its side has read the thread up to the last message on it."""
    read_no = page.item.thread.citizen_read_no if page.reader_is_citizen else page.item.thread.nav_read_no
    if page.last_no > read_no:
        request.reading += 1 if page.item.unread else 0
        request.after_look.append(
            lambda: actions.mark_read(
                person_id=person.id,
                thread_id=page.item.id,
                up_to=page.last_no,
                by=request.actor,
                at=clock.now(),
            )
        )


def reply_place(thread_id: UUID) -> str:
    """Where the draft of a reply lives."""
    return f"traad:{thread_id}"


def about_place(activity_id: UUID) -> str:
    """Where the draft of a first message about an activity lives."""
    return f"ny-traad:aktivitet:{activity_id}"
