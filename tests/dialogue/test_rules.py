"""The rules of the dialogue, row by row as reference/dialogue.md section 2, without a database."""

import ast
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from dap.core.enums import Side
from dap.dialogue import rules
from dap.dialogue.enums import EventKind
from dap.dialogue.rules import DialogueReason, Waits
from dap.plan.enums import ActivityType

E = EventKind
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
BEFORE = NOW - timedelta(days=2)
EARLIER = NOW - timedelta(days=4)
MOMENTS = [None, BEFORE]


@dataclass(frozen=True)
class Row:
    """One message: what stood before, what stands after, and what is remembered."""

    name: str
    before: Waits
    side: Side
    after: Waits
    events: list[EventKind]
    opening: bool = False
    asks_citizen: bool = False
    asks_nav: bool = True


ROWS = [
    Row(
        "a citizen opens: it waits on Nav, and Nav has something unread",
        Waits(),
        Side.CITIZEN,
        Waits(nav_since=NOW, nav_unread_since=NOW),
        [E.CREATED, E.FROM_CITIZEN, E.WAITS_ON_NAV],
        opening=True,
    ),
    Row(
        "a citizen opens without wanting an answer",
        Waits(),
        Side.CITIZEN,
        Waits(nav_unread_since=NOW),
        [E.CREATED, E.FROM_CITIZEN, E.HANDLED_BY_NAV],
        opening=True,
        asks_nav=False,
    ),
    Row(
        "a citizen replies where nobody waited",
        Waits(),
        Side.CITIZEN,
        Waits(nav_since=NOW, nav_unread_since=NOW),
        [E.FROM_CITIZEN, E.WAITS_ON_NAV],
    ),
    Row(
        "a citizen writes again: the wait keeps its time, and so does the oldest unread",
        Waits(nav_since=EARLIER, nav_unread_since=BEFORE),
        Side.CITIZEN,
        Waits(nav_since=EARLIER, nav_unread_since=BEFORE),
        [E.FROM_CITIZEN],
    ),
    Row(
        "a citizen answers: nobody waits on the citizen, who has read what stood there",
        Waits(citizen_since=BEFORE, citizen_unread_since=BEFORE),
        Side.CITIZEN,
        Waits(nav_since=NOW, nav_unread_since=NOW),
        [E.FROM_CITIZEN, E.WAITS_ON_NAV, E.ANSWERED_BY_CITIZEN],
    ),
    Row(
        "a citizen answers while Nav owed an answer too",
        Waits(nav_since=EARLIER, citizen_since=BEFORE, nav_unread_since=EARLIER, citizen_unread_since=BEFORE),
        Side.CITIZEN,
        Waits(nav_since=EARLIER, nav_unread_since=EARLIER),
        [E.FROM_CITIZEN, E.ANSWERED_BY_CITIZEN],
    ),
    Row(
        "Nav opens: nobody waits",
        Waits(),
        Side.NAV,
        Waits(citizen_unread_since=NOW),
        [E.CREATED, E.FROM_NAV],
        opening=True,
    ),
    Row(
        "Nav opens and asks: it waits on the citizen",
        Waits(),
        Side.NAV,
        Waits(citizen_since=NOW, citizen_unread_since=NOW),
        [E.CREATED, E.FROM_NAV, E.WAITS_ON_CITIZEN],
        opening=True,
        asks_citizen=True,
    ),
    Row(
        "Nav replies: handled, read by Nav",
        Waits(nav_since=BEFORE, nav_unread_since=BEFORE),
        Side.NAV,
        Waits(citizen_unread_since=NOW),
        [E.FROM_NAV, E.HANDLED_BY_NAV],
    ),
    Row(
        "Nav replies: the wait on the citizen stands as it was",
        Waits(nav_since=BEFORE, citizen_since=EARLIER, citizen_unread_since=EARLIER),
        Side.NAV,
        Waits(citizen_since=EARLIER, citizen_unread_since=EARLIER),
        [E.FROM_NAV, E.HANDLED_BY_NAV],
    ),
    Row(
        "Nav replies where nobody waited: nothing is handled, and the mark in the form does not count",
        Waits(),
        Side.NAV,
        Waits(citizen_unread_since=NOW),
        [E.FROM_NAV],
        asks_citizen=True,
    ),
]


@pytest.mark.feature("D2")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_whom_the_thread_waits_for_after_a_message(row: Row) -> None:
    found = rules.after_message(
        row.before, row.side, NOW, opening=row.opening, asks_citizen=row.asks_citizen, asks_nav=row.asks_nav
    )
    assert found == (row.after, row.events)


ALL_WAITS = [Waits(*moments) for moments in product(MOMENTS, repeat=4)]


@pytest.mark.feature("D2")
@pytest.mark.parametrize(("before", "nav", "citizen"), [*product(ALL_WAITS, [False, True], [False, True])])
def test_a_mark_by_hand_keeps_its_time_and_is_remembered_only_when_it_changes(
    before: Waits, nav: bool, citizen: bool
) -> None:
    after, events = rules.after_mark(before, NOW, nav=nav, citizen=citizen)
    assert after == Waits(
        nav_since=(BEFORE if before.nav_since else NOW) if nav else None,
        citizen_since=(BEFORE if before.citizen_since else NOW) if citizen else None,
        nav_unread_since=None,
        citizen_unread_since=before.citizen_unread_since,
    )
    expected = []
    if nav != bool(before.nav_since):
        expected.append(E.WAITS_ON_NAV if nav else E.HANDLED_BY_NAV)
    if citizen != bool(before.citizen_since):
        expected.append(E.WAITS_ON_CITIZEN if citizen else E.ANSWERED_BY_CITIZEN)
    assert events == expected
    assert rules.after_mark(after, NOW + timedelta(hours=1), nav=nav, citizen=citizen) == (after, [])


@pytest.mark.feature("D2")
@pytest.mark.parametrize("before", ALL_WAITS)
def test_when_the_period_ends_nobody_waits_and_what_is_unread_stays_unread(before: Waits) -> None:
    after, events = rules.after_close(before)
    assert after == replace(before, nav_since=None, citizen_since=None)
    handled = [E.HANDLED_BY_NAV] if before.nav_since else []
    answered = [E.ANSWERED_BY_CITIZEN] if before.citizen_since else []
    assert events == [*handled, *answered, E.CLOSED]


@pytest.mark.feature("D2")
@pytest.mark.parametrize(("before", "side"), [*product(ALL_WAITS, [Side.CITIZEN, Side.NAV])])
def test_who_has_written_has_nothing_unread_and_the_other_has(before: Waits, side: Side) -> None:
    after, events = rules.after_message(before, side, NOW, opening=False)
    own, others = after.citizen_unread_since, after.nav_unread_since
    if side is Side.NAV:
        own, others = others, own
    assert own is None
    assert others in (BEFORE, NOW)
    assert len(events) == len(set(events))


@pytest.mark.feature("D1")
@pytest.mark.parametrize(
    ("text", "historic", "period_open", "expected"),
    [
        ("Hei", False, True, None),
        ("x" * 5000, False, True, None),
        (f" \n{'x' * 5000}\n", False, True, None),
        ("x" * 5001, False, True, DialogueReason.TOO_LONG),
        ("", False, True, DialogueReason.EMPTY),
        (" \r\n\t", False, True, DialogueReason.EMPTY),
        ("Hei", True, True, DialogueReason.HISTORIC),
        ("Hei", True, False, DialogueReason.HISTORIC),
        ("Hei", False, False, DialogueReason.NO_PERIOD),
        ("", False, False, DialogueReason.NO_PERIOD),
    ],
)
def test_a_message_has_1_to_5000_characters_in_a_live_thread(
    text: str, historic: bool, period_open: bool, expected: DialogueReason | None
) -> None:
    assert rules.judge_message(text, historic=historic, period_open=period_open) is expected


@pytest.mark.feature("D1")
@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Praksis", None),
        ("x" * 100, None),
        ("x" * 101, DialogueReason.TITLE_TOO_LONG),
        ("", DialogueReason.TITLE_EMPTY),
        ("  ", DialogueReason.TITLE_EMPTY),
    ],
)
def test_a_free_thread_has_a_title_of_1_to_100_characters(
    title: str, expected: DialogueReason | None
) -> None:
    assert rules.judge_title(title) is expected


def test_a_mark_is_refused_in_a_thread_that_can_only_be_read() -> None:
    assert rules.judge_mark(historic=True) is DialogueReason.HISTORIC
    assert rules.judge_mark(historic=False) is None


@pytest.mark.feature("D1")
def test_a_thread_about_an_activity_is_named_after_it() -> None:
    name = rules.activity_thread_title
    assert name(ActivityType.EGEN, "Egenaktivitet", "Oppdatere CV") == "Egenaktivitet: Oppdatere CV"
    assert name(ActivityType.BEHANDLING, "Behandling", "Fysioterapi") == "Fysioterapi"
    assert name(ActivityType.SOKEAVTALE, "Avtale", "Avtale om å søke jobber") == "Avtale om å søke jobber"
    assert name(ActivityType.STILLING, "Stilling", "x" * 90) == "Stilling: " + "x" * 90
    cut = name(ActivityType.STILLING, "Stilling", "x" * 91)
    assert cut == "Stilling: " + "x" * 87 + "..."
    assert len(cut) == 100


def test_every_reason_of_the_dialogue_has_a_test_that_asks_for_it() -> None:
    asked = {
        node.attr
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "DialogueReason"
    }
    assert asked - {"__members__"} == set(DialogueReason.__members__)
