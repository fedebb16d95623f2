"""What one can do in a dialogue. Each verb: facts, rule, write, events, touch. The person is locked."""

from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from dap.access.actor import Actor
from dap.core.enums import Side
from dap.core.reason import Refused
from dap.core.text import plain
from dap.core.touch import touch
from dap.dialogue import rules
from dap.dialogue.enums import EventKind
from dap.dialogue.models import Message, Thread, ThreadEvent
from dap.dialogue.rules import DialogueReason, Waits
from dap.people.models import FollowUpPeriod, Person
from dap.plan.models import Activity
from dap.plan.queries import open_period


def start_thread(
    *, person: Person, title: str, text: str, asks_citizen: bool, by: Actor, at: datetime
) -> Message:
    """Open a free thread with its first message. `asks_citizen` is Nav's mark that it waits for an answer.

    Raises Refused: NO_PERIOD, TITLE_EMPTY, TITLE_TOO_LONG, EMPTY, TOO_LONG (422).
    """
    title, text = plain(title), plain(text)
    period = open_period(person)
    _judge_text(text, historic=False, period_open=period is not None)
    if reason := rules.judge_title(title):
        raise Refused(reason, field="title", values={"length": len(title)})
    assert period is not None
    return _open(person, period, title, None, text, asks_citizen, by, at)


def write_about_activity(
    *, person: Person, activity: Activity, text: str, asks_citizen: bool, by: Actor, at: datetime
) -> Message:
    """Write in the activity's live thread, or open it: there is only one.

    Raises Refused: ACTIVITY_CLOSED, NO_PERIOD, EMPTY, TOO_LONG (422).
    """
    thread = Thread.objects.select_for_update().filter(activity=activity, historic_at__isnull=True).first()
    if thread is not None:
        return reply(thread=thread, text=text, by=by, at=at)
    if activity.historic_at is not None:
        raise Refused(DialogueReason.ACTIVITY_CLOSED)
    text = plain(text)
    period = open_period(person)
    _judge_text(text, historic=False, period_open=period is not None)
    assert period is not None
    return _open(person, period, activity.title, activity, text, asks_citizen, by, at)


def reply(*, thread: Thread, text: str, by: Actor, at: datetime) -> Message:
    """Write in a thread, which is locked. The waits follow the rules.

    Raises Refused: HISTORIC, NO_PERIOD, EMPTY, TOO_LONG (422).
    """
    text = plain(text)
    _judge_text(text, historic=thread.historic_at is not None, period_open=thread.period.ended_at is None)
    return _add(thread, text, by, at, opening=False, asks_citizen=False)


def mark_waits(*, thread: Thread, nav: bool, citizen: bool, by: Actor, at: datetime) -> None:
    """A counsellor tells by hand whom the thread waits for; it counts as read by Nav.

    Raises Refused: HISTORIC (422).
    """
    if reason := rules.judge_mark(historic=thread.historic_at is not None):
        raise Refused(reason)
    waits, events = rules.after_mark(_waits(thread), at, nav=nav, citizen=citizen)
    _put(thread, waits)
    if thread.nav_read_no < thread.message_count:
        thread.nav_read_no = thread.message_count
        events.append(EventKind.READ_BY_NAV)
    thread.save(force_update=True)
    _remember(thread, events, by, at)


def mark_read(*, person_id: UUID, thread_id: UUID, up_to: int, by: Actor, at: datetime) -> None:
    """Remember that the viewer's side has read the thread up to the message that was shown.

    A message that arrived while the page was drawn stays unread (Nav marks it read by mistake).
    """
    Person.objects.select_for_update(no_key=True).get(
        id=person_id
    )  # as every writer: no message comes between
    side = "citizen" if by.side is Side.CITIZEN else "nav"
    still_unread = (
        Message.objects.filter(thread=OuterRef("pk"), number__gt=up_to)
        .exclude(by_side=by.side)
        .order_by("number")
        .values("sent_at")[:1]
    )
    thread = Thread(id=thread_id, person_id=person_id)
    marked = Thread.objects.filter(
        id=thread_id, person_id=person_id, **{f"{side}_read_no__lt": up_to}
    ).update(**{f"{side}_read_no": up_to, f"{side}_unread_since": Subquery(still_unread)})
    if marked:
        kind = EventKind.READ_BY_CITIZEN if by.side is Side.CITIZEN else EventKind.READ_BY_NAV
        _remember(thread, [kind], by, at, up_to)


def close_period(*, period: FollowUpPeriod, by: Actor, at: datetime) -> None:
    """When a period ends, its threads can only be read, and nobody waits (dialogue.md section 9)."""
    for thread in Thread.objects.select_for_update().filter(period=period, historic_at__isnull=True):
        waits, events = rules.after_close(_waits(thread))
        _put(thread, waits)
        thread.historic_at = at
        thread.save(force_update=True)
        _remember(thread, events, by, at)


def _judge_text(text: str, *, historic: bool, period_open: bool) -> None:
    if reason := rules.judge_message(text, historic=historic, period_open=period_open):
        raise Refused(reason, field="text", values={"length": len(text)})


def _open(
    person: Person,
    period: FollowUpPeriod,
    title: str,
    activity: Activity | None,
    text: str,
    asks_citizen: bool,
    by: Actor,
    at: datetime,
) -> Message:
    thread = Thread.objects.create(
        person=person,
        period=period,
        activity=activity,
        title=title,
        created_at=at,
        last_message_at=at,
        by_side=by.side,
        by_counsellor_id=by.counsellor_id,
    )
    return _add(thread, text, by, at, opening=True, asks_citizen=asks_citizen)


def _add(thread: Thread, text: str, by: Actor, at: datetime, *, opening: bool, asks_citizen: bool) -> Message:
    waits, events = rules.after_message(
        _waits(thread), by.side, at, opening=opening, asks_citizen=asks_citizen
    )
    _put(thread, waits)
    thread.message_count += 1
    thread.last_message_at = at
    read_before = thread.citizen_read_no if by.side is Side.CITIZEN else thread.nav_read_no
    if by.side is Side.CITIZEN:
        thread.citizen_read_no = thread.message_count
    else:
        thread.nav_read_no = thread.message_count
    thread.save(force_update=True)
    message = Message.objects.create(
        thread=thread,
        number=thread.message_count,
        sent_at=at,
        text=text,
        by_side=by.side,
        by_counsellor_id=by.counsellor_id,
    )
    # Who answers has read what stood above: the other party gets its read mark.
    if read_before < message.number - 1:
        read = EventKind.READ_BY_CITIZEN if by.side is Side.CITIZEN else EventKind.READ_BY_NAV
        _remember(thread, [read], by, at, message.number - 1)
    _remember(thread, events, by, at, message.number)
    return message


def _waits(thread: Thread) -> Waits:
    return Waits(
        thread.waits_on_nav_since,
        thread.waits_on_citizen_since,
        nav_unread_since=thread.nav_unread_since,
        citizen_unread_since=thread.citizen_unread_since,
    )


def _put(thread: Thread, waits: Waits) -> None:
    thread.waits_on_nav_since = waits.nav_since
    thread.waits_on_citizen_since = waits.citizen_since
    thread.nav_unread_since = waits.nav_unread_since
    thread.citizen_unread_since = waits.citizen_unread_since


def _remember(
    thread: Thread, events: list[EventKind], by: Actor, at: datetime, message_no: int | None = None
) -> None:
    ThreadEvent.objects.bulk_create(
        ThreadEvent(
            thread=thread,
            at=at,
            kind=kind,
            message_no=thread.message_count if message_no is None else message_no,
            by_side=by.side,
            by_counsellor_id=by.counsellor_id,
        )
        for kind in events
    )
    touch(thread.person_id)
