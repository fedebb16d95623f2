"""What one can do in a dialogue, on the database: messages, waits, read marks, and the end of a period."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from dap.access import scope
from dap.access.actor import Actor
from dap.core.reason import Refused
from dap.dialogue import actions, queries
from dap.dialogue.enums import EventKind
from dap.dialogue.models import Message, Thread, ThreadEvent
from dap.dialogue.rules import DialogueReason
from dap.plan.models import Activity

from .. import factories
from ..core.together import together
from ..factories import NOW, House

K = EventKind


def refused(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as found:
        act()
    return found.value


def events(thread: Thread) -> list[str]:
    return list(ThreadEvent.objects.filter(thread=thread).order_by("id").values_list("kind", flat=True))


def fresh(thread: Thread) -> Thread:
    return Thread.objects.select_related("period").get(id=thread.id)


def read(thread: Thread, by: Actor, up_to: int, minutes: int = 0) -> None:
    actions.mark_read(
        person_id=thread.person_id,
        thread_id=thread.id,
        up_to=up_to,
        by=by,
        at=NOW + timedelta(minutes=minutes),
    )


@pytest.mark.feature("D1")
def test_a_citizen_starts_a_thread_and_the_counsellor_answers(house: House) -> None:
    made = factories.thread(house.citizen, house.by_citizen, title=" Praksis ", text=" Hei\r\nder\x00 ")
    assert (made.title, made.message_count, made.waits_on_nav_since) == ("Praksis", 1, made.created_at)
    assert (made.citizen_read_no, made.nav_read_no) == (1, 0)
    assert events(made) == [K.CREATED, K.FROM_CITIZEN, K.WAITS_ON_NAV]
    made = factories.reply(made, house.counsellor, "Hei igjen")
    assert (made.message_count, made.waits_on_nav_since, made.last_message_at) == (2, None, NOW)
    assert (made.citizen_read_no, made.nav_read_no, made.citizen_unread_since) == (1, 2, NOW)
    assert events(made)[3:] == [K.READ_BY_NAV, K.FROM_NAV, K.HANDLED_BY_NAV]
    stored = list(Message.objects.filter(thread=made).order_by("number"))
    assert [(m.number, m.text, m.by_side, m.by_counsellor_id) for m in stored] == [
        (1, "Hei\nder", "BRUKER", None),
        (2, "Hei igjen", "NAV", house.counsellor.id),
    ]


@pytest.mark.feature("D1")
@pytest.mark.parametrize(
    ("title", "text", "reason", "field"),
    [
        ("Tema", " \n", DialogueReason.EMPTY, "text"),
        ("Tema", "\x00", DialogueReason.EMPTY, "text"),
        ("Tema", "x" * 5001, DialogueReason.TOO_LONG, "text"),
        (" ", "Hei", DialogueReason.TITLE_EMPTY, "title"),
        ("x" * 101, "Hei", DialogueReason.TITLE_TOO_LONG, "title"),
    ],
)
def test_a_message_that_can_not_be_sent_leaves_nothing(
    house: House, title: str, text: str, reason: DialogueReason, field: str
) -> None:
    found = refused(lambda: factories.thread(house.citizen, house.by_citizen, title=title, text=text))
    assert (found.reason, found.field) == (reason, field)
    assert not Thread.objects.exists()


@pytest.mark.feature("D1")
def test_a_message_as_long_as_the_counter_allows_is_sent_though_it_has_line_breaks(house: House) -> None:
    text = "\r\n".join(["x" * 2499, "y" * 2500])
    made = factories.thread(house.citizen, house.by_citizen, text=text)
    assert len(Message.objects.get(thread=made).text) == 5000


@pytest.mark.feature("D1")
def test_an_activity_has_one_live_thread_and_a_new_one_when_the_old_is_history(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen)
    one = factories.thread(house.citizen, house.by_citizen, about=card)
    assert factories.thread(house.citizen, house.counsellor, about=card, at=NOW) == one
    assert fresh(one).message_count == 2
    factories.end_period(house.citizen)
    closed = Activity.objects.get(id=card.id)
    found = refused(lambda: factories.thread(house.citizen, house.by_citizen, about=closed))
    assert found.reason is DialogueReason.ACTIVITY_CLOSED


def test_without_an_open_period_nobody_writes(house: House) -> None:
    without = factories.person(house.office, "Ola", period=False)
    found = refused(lambda: factories.thread(without, house.counsellor))
    assert found.reason is DialogueReason.NO_PERIOD


@pytest.mark.feature("D2")
def test_marks_by_hand_keep_their_time_count_as_read_and_are_remembered_once(house: House) -> None:
    made = factories.thread(house.citizen, house.by_citizen)
    asked_at = made.waits_on_nav_since

    def mark(nav: bool, citizen: bool, minutes: int) -> Thread:
        at = NOW + timedelta(minutes=minutes)
        actions.mark_waits(thread=fresh(made), nav=nav, citizen=citizen, by=house.counsellor, at=at)
        return fresh(made)

    marked = mark(True, True, 1)
    assert (marked.waits_on_nav_since, marked.waits_on_citizen_since) == (
        asked_at,
        NOW + timedelta(minutes=1),
    )
    assert (marked.nav_read_no, marked.nav_unread_since) == (1, None)
    assert events(made)[3:] == [K.WAITS_ON_CITIZEN, K.READ_BY_NAV]
    assert mark(True, True, 2).waits_on_citizen_since == NOW + timedelta(minutes=1)
    assert len(events(made)) == 5
    handled = mark(False, False, 3)
    assert (handled.waits_on_nav_since, handled.waits_on_citizen_since) == (None, None)
    assert events(made)[5:] == [K.HANDLED_BY_NAV, K.ANSWERED_BY_CITIZEN]


@pytest.mark.feature("D3")
def test_reading_reaches_no_further_than_the_message_that_was_shown(house: House) -> None:
    made = factories.thread(house.citizen, house.counsellor, at=NOW - timedelta(hours=3))
    made = factories.reply(made, house.counsellor, "Enda en", at=NOW - timedelta(hours=2))
    made = factories.reply(made, house.counsellor, "Kom mens siden ble vist", at=NOW - timedelta(hours=1))
    read(made, house.by_citizen, 2)
    after = fresh(made)
    assert (after.citizen_read_no, after.citizen_unread_since) == (2, NOW - timedelta(hours=1))
    (mark,) = ThreadEvent.objects.filter(thread=made, kind=K.READ_BY_CITIZEN)
    assert (mark.message_no, mark.at) == (2, NOW)
    for again in (1, 2):
        read(made, house.by_citizen, again, minutes=5)
    assert fresh(made).citizen_read_no == 2
    assert events(made).count(K.READ_BY_CITIZEN) == 1
    read(made, house.by_citizen, 3, minutes=9)
    assert fresh(made).citizen_unread_since is None


@pytest.mark.feature("D3")
def test_each_side_sees_when_the_other_has_read_its_messages(house: House) -> None:
    made = factories.thread(house.citizen, house.by_citizen)
    read(made, house.counsellor, 1, minutes=1)
    made = factories.reply(fresh(made), house.colleague, "Svar", at=NOW + timedelta(minutes=2))
    read(made, house.by_citizen, 2, minutes=3)
    for viewer in (house.by_citizen, house.counsellor):
        shown = queries.thread_page(viewer, house.citizen, made.id).messages
        assert [item.read_at for item in shown] == [NOW + timedelta(minutes=1), NOW + timedelta(minutes=3)]
    own = queries.thread_page(house.by_citizen, house.citizen, made.id).messages
    assert [(item.mine, item.author) for item in own] == [(True, "Amina Solberg"), (False, "Per Aas")]
    nav = queries.thread_page(house.counsellor, house.citizen, made.id).messages
    assert [item.mine for item in nav] == [False, False], "a colleague wrote it"


@pytest.mark.feature("D3")
def test_unread_is_counted_for_each_side_and_not_for_who_sees_as_the_citizen(house: House) -> None:
    made = factories.thread(house.citizen, house.counsellor)
    made = factories.reply(made, house.counsellor)
    counts = {
        name: queries.threads(viewer, house.citizen).live[0].unread
        for name, viewer in {
            "citizen": house.by_citizen,
            "nav": house.colleague,
            "as citizen": house.counsellor.as_citizen(),
        }.items()
    }
    assert counts == {"citizen": 2, "nav": 0, "as citizen": 0}


@pytest.mark.feature("P7")
def test_the_threads_of_an_ended_period_can_be_read_and_nothing_else(house: House) -> None:
    made = factories.thread(house.citizen, house.by_citizen)
    asks = factories.thread(house.citizen, house.counsellor, title="Møte", asks_citizen=True)
    factories.end_period(house.citizen)
    for thread in (fresh(made), fresh(asks)):
        assert thread.historic_at
        assert thread.waits_on_nav_since is thread.waits_on_citizen_since is None
    assert events(made)[-2:] == [K.HANDLED_BY_NAV, K.CLOSED]
    assert events(asks)[-2:] == [K.ANSWERED_BY_CITIZEN, K.CLOSED]
    assert fresh(asks).citizen_unread_since, "what is unread stays unread"
    by: dict[str, Any] = {"by": house.counsellor, "at": NOW}
    found = refused(lambda: actions.reply(thread=fresh(made), text="Hei", **by))
    assert found.reason is DialogueReason.HISTORIC
    found = refused(lambda: actions.mark_waits(thread=fresh(made), nav=True, citizen=False, **by))
    assert found.reason is DialogueReason.HISTORIC
    read(asks, house.by_citizen, 1)
    assert fresh(asks).citizen_unread_since is None
    listed = queries.threads(house.by_citizen, house.citizen)
    assert (len(listed.live), len(listed.historic), listed.writable) == (0, 2, False)
    assert not queries.thread_page(house.by_citizen, house.citizen, made.id).writable


def test_a_thread_of_somebody_else_is_not_found(house: House) -> None:
    theirs = factories.thread(house.neighbour, house.by_neighbour)
    message = Message.objects.get(thread=theirs)
    for fetch in (
        lambda: queries.thread_page(house.by_citizen, house.citizen, theirs.id),
        lambda: queries.thread_for_change(house.citizen, theirs.id),
        lambda: queries.thread_of_message(house.citizen, message.id),
    ):
        assert refused(fetch).reason.status == 404


@pytest.mark.feature("D4")
@pytest.mark.usefixtures("committed")
def test_two_who_write_about_one_card_at_the_same_moment_meet_in_one_thread_and_no_message_is_lost() -> None:
    house = factories.house()
    card = factories.activity(house.citizen, house.by_citizen)

    def write(by: Actor, text: str) -> Callable[[], Message]:
        def act() -> Message:
            person = scope.lock_person(by, house.citizen.id)
            return actions.write_about_activity(
                person=person, activity=card, text=text, asks_citizen=False, by=by, at=NOW
            )

        return act

    sent = together(
        write(house.by_citizen, "fra bruker"),
        write(house.counsellor, "fra Nav"),
        write(house.colleague, "fra Per"),
    )
    assert [m for m in sent if isinstance(m, Exception)] == []
    thread = Thread.objects.get(activity=card)
    stored = Message.objects.filter(thread=thread).order_by("number")
    assert sorted(m.text for m in stored) == ["fra Nav", "fra Per", "fra bruker"]
    assert [m.number for m in stored] == [1, 2, 3]
    assert thread.message_count == 3


@pytest.mark.feature("D4")
@pytest.mark.usefixtures("committed")
def test_a_message_that_comes_while_the_other_reads_stays_unread() -> None:
    house = factories.house()
    made = factories.thread(house.citizen, house.by_citizen)

    def write() -> None:
        scope.lock_person(house.by_citizen, house.citizen.id)
        thread = queries.thread_for_change(house.citizen, made.id)
        actions.reply(thread=thread, text="Og en ting til", by=house.by_citizen, at=NOW)

    results = together(write, lambda: read(made, house.counsellor, 1))
    assert [r for r in results if isinstance(r, Exception)] == []
    after = fresh(made)
    assert (after.message_count, after.nav_read_no, after.nav_unread_since) == (2, 1, NOW)
    connection.close()
