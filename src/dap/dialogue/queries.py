"""What one can see of a dialogue. The person has been fetched through the actor's reach by the wrapper."""

from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext

from dap.access.actor import Actor
from dap.access.rules import AccessReason
from dap.core.enums import Side
from dap.core.reason import Refused
from dap.dialogue.enums import EventKind
from dap.dialogue.models import Message, Thread, ThreadEvent
from dap.dialogue.rules import activity_thread_title
from dap.people.models import Person
from dap.plan.enums import ActivityType
from dap.plan.models import Activity
from dap.plan.queries import open_period


@dataclass(frozen=True)
class ThreadItem:
    """A thread in the list, as one side sees it."""

    thread: Thread
    title: str
    unread: int
    snippet: str

    @property
    def id(self) -> UUID:
        """The thread's id."""
        return self.thread.id

    @property
    def live(self) -> bool:
        """Whether one can still write in it."""
        return self.thread.historic_at is None

    def calls(self, side: Side) -> bool:
        """Whether this side has something to do here: to read, or to answer. Such threads stand first."""
        since = self.thread.waits_on_citizen_since if side is Side.CITIZEN else self.thread.waits_on_nav_since
        return bool(self.unread) or since is not None


@dataclass(frozen=True)
class MessageItem:
    """A message with who wrote it and when the other side read it."""

    message: Message
    mine: bool
    from_citizen: bool
    author: str
    read_at: datetime | None


@dataclass(frozen=True)
class ThreadPage:
    """A thread with its messages, oldest first."""

    item: ThreadItem
    messages: list[MessageItem]
    writable: bool
    last_no: int
    reader_is_citizen: bool

    def sent(self, message_id: str) -> MessageItem | None:
        """The message with this id, for the receipt after sending."""
        return next((m for m in self.messages if str(m.message.id) == message_id), None)


@dataclass(frozen=True)
class ThreadList:
    """All threads of a person: the live ones, newest first, then those that can only be read."""

    live: list[ThreadItem]
    historic: list[ThreadItem]
    writable: bool


def title_of(thread: Thread) -> str:
    """The thread's title; about an activity it follows the activity as it is now."""
    if thread.activity is None:
        return thread.title
    kind = ActivityType(thread.activity.type)
    return activity_thread_title(kind, gettext(kind.label), thread.activity.shown_title)


def _unread(thread: Thread, side: Side) -> int:
    if side is Side.CITIZEN:
        return thread.message_count - thread.citizen_read_no if thread.citizen_unread_since else 0
    return thread.message_count - thread.nav_read_no if thread.nav_unread_since else 0


def _item(actor: Actor, thread: Thread, snippet: str = "") -> ThreadItem:
    unread = 0 if actor.viewing_as_citizen else _unread(thread, actor.side)
    return ThreadItem(thread=thread, title=title_of(thread), unread=unread, snippet=snippet)


def _threads(person: Person) -> QuerySet[Thread]:
    return Thread.objects.filter(person=person).select_related("activity", "period")


def threads(actor: Actor, person: Person) -> ThreadList:
    """The list of threads, what calls on this side first, each with the beginning of its last message."""
    newest = Message.objects.filter(thread=OuterRef("pk")).order_by("-number").values("text")
    found = _threads(person).annotate(newest=Subquery(newest[:1])).order_by("-last_message_at", "id")
    items = [_item(actor, thread, shorten(thread.newest or "", 120, placeholder=" …")) for thread in found]
    return ThreadList(
        live=sorted((item for item in items if item.live), key=lambda item: not item.calls(actor.side)),
        historic=[item for item in items if not item.live],
        writable=open_period(person) is not None and not actor.viewing_as_citizen,
    )


def longest_waiting(actor: Actor, person: Person) -> UUID | None:
    """The live thread that has waited longest for this side's answer, else the one unread longest."""
    side = "citizen" if actor.side is Side.CITIZEN else "nav"
    waits, unread = f"waits_on_{side}_since", f"{side}_unread_since"
    calling = _threads(person).filter(Q(**{f"{waits}__isnull": False}) | Q(**{f"{unread}__isnull": False}))
    found = calling.filter(historic_at=None).order_by(F(waits).asc(nulls_last=True), unread, "id").first()
    return found.id if found else None


def thread_for_change(person: Person, thread_id: UUID) -> Thread:
    """The thread locked for a write; the person is locked already. Raises Refused(NOT_FOUND, 404)."""
    thread = (
        Thread.objects.select_for_update(of=("self",))
        .select_related("period", "activity")
        .filter(person=person, id=thread_id)
        .first()
    )
    if thread is None:
        raise Refused(AccessReason.NOT_FOUND)
    return thread


def thread_of_message(person: Person, message_id: UUID) -> UUID:
    """The thread of a message of this person. Raises Refused(NOT_FOUND, 404)."""
    message = Message.objects.filter(id=message_id, thread__person=person).first()
    if message is None:
        raise Refused(AccessReason.NOT_FOUND)
    return message.thread_id


def thread_page(actor: Actor, person: Person, thread_id: UUID) -> ThreadPage:
    """A thread of this person with its messages and read marks. Raises Refused(NOT_FOUND, 404)."""
    thread = _threads(person).filter(id=thread_id).first()
    if thread is None:
        raise Refused(AccessReason.NOT_FOUND)
    return _page(actor, person, thread)


def activity_thread(actor: Actor, person: Person, activity: Activity) -> ThreadPage | None:
    """The live thread of an activity, or its newest one that can only be read, or None."""
    thread = (
        _threads(person).filter(activity=activity).order_by("historic_at", "-created_at").last()
        if activity.historic_at
        else _threads(person).filter(activity=activity, historic_at__isnull=True).first()
    )
    return _page(actor, person, thread) if thread else None


def _page(actor: Actor, person: Person, thread: Thread) -> ThreadPage:
    messages = list(Message.objects.filter(thread=thread).select_related("by_counsellor").order_by("number"))
    readings = list(
        ThreadEvent.objects.filter(
            thread=thread, kind__in=[EventKind.READ_BY_CITIZEN, EventKind.READ_BY_NAV]
        ).order_by("at", "id")
    )
    return ThreadPage(
        item=_item(actor, thread),
        messages=[_message_item(actor, person, message, readings) for message in messages],
        writable=thread.historic_at is None
        and thread.period.ended_at is None
        and not actor.viewing_as_citizen,
        last_no=messages[-1].number if messages else 0,
        reader_is_citizen=actor.side is Side.CITIZEN,
    )


def _message_item(actor: Actor, person: Person, message: Message, readings: list[ThreadEvent]) -> MessageItem:
    from_citizen = message.by_side == Side.CITIZEN
    reads = EventKind.READ_BY_NAV if from_citizen else EventKind.READ_BY_CITIZEN
    read_at = next((r.at for r in readings if r.kind == reads and r.message_no >= message.number), None)
    author = (
        person.full_name if from_citizen else message.by_counsellor.full_name if message.by_counsellor else ""
    )
    return MessageItem(
        message=message,
        mine=(message.by_side == actor.side and message.by_counsellor_id == actor.counsellor_id)
        or (from_citizen and actor.viewing_as_citizen),
        from_citizen=from_citizen,
        author=author,
        read_at=read_at,
    )


@dataclass(frozen=True)
class Badge:
    """Messages about an activity: how many, and how many of them this side has not read."""

    count: int
    unread: int
    thread_id: UUID


def activity_badges(actor: Actor, person: Person) -> dict[UUID, Badge]:
    """The badge of each activity that has a thread: one statement for the whole board."""
    badges: dict[UUID, Badge] = {}
    # All of the person's threads: asked for those with an activity, the database may read everybody's.
    for thread in Thread.objects.filter(person=person).order_by("created_at"):
        if thread.activity_id:
            unread = 0 if actor.viewing_as_citizen else _unread(thread, actor.side)
            badges[thread.activity_id] = Badge(thread.message_count, unread, thread.id)
    return badges


def waiting_for_citizen(actor: Actor, person: Person) -> list[ThreadItem]:
    """Live threads with something unread for the citizen, or that wait for the citizen's answer."""
    calling = Q(waits_on_citizen_since__isnull=False) | Q(citizen_unread_since__isnull=False)
    found = _threads(person).filter(calling, historic_at__isnull=True).order_by("last_message_at", "id")
    return [_item(actor, thread) for thread in found]
