"""The rules of the plan, row by row, without a database."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from dap.core.enums import Side
from dap.plan import rules
from dap.plan.activity_types import ACTIVITY_TYPES, creatable_by
from dap.plan.enums import ActivityType, ApplicationStatus, ChangeKind, Status
from dap.plan.rules import ActivityFacts, PlanReason

T, S = ActivityType, Status
OPEN = [S.PROPOSED, S.PLANNED, S.IN_PROGRESS]
FINISHED = [S.COMPLETED, S.ABORTED]
PARTIES = [Side.CITIZEN, Side.NAV]
MOVED = datetime(2026, 11, 18, 9, tzinfo=UTC)


def facts(
    type: ActivityType = T.EGEN,
    status: Status = S.PLANNED,
    *,
    agreed: bool = False,
    historic: bool = False,
    period_open: bool = True,
) -> ActivityFacts:
    return ActivityFacts(type, status, agreed, historic, period_open)


@pytest.mark.feature("A2")
@pytest.mark.parametrize(("before", "to", "agreed"), [*product(Status, Status, [False, True])])
def test_an_open_card_goes_anywhere_and_a_finished_one_nowhere(
    before: Status, to: Status, agreed: bool
) -> None:
    card = facts(status=before, agreed=agreed)
    with_reason = rules.judge_status_change(card, to, "Jeg fikk jobb")
    without = rules.judge_status_change(card, to, "  ")
    if before in FINISHED:
        assert with_reason is without is PlanReason.FINISHED
        return
    assert with_reason is None
    assert without is (PlanReason.REASON_REQUIRED if agreed and to in FINISHED else None)


@pytest.mark.feature("A2")
@pytest.mark.parametrize("type", ActivityType)
def test_an_agreed_activity_of_any_type_is_finished_with_a_reason(type: ActivityType) -> None:
    card = facts(type, agreed=True)
    expected = PlanReason.TYPE_READ_ONLY if type is T.SAMTALEREFERAT else PlanReason.REASON_REQUIRED
    assert rules.judge_status_change(card, S.ABORTED, "") is expected
    assert rules.reason_required(card, S.COMPLETED)
    assert not rules.reason_required(card, S.IN_PROGRESS)
    assert not rules.reason_required(facts(type), S.COMPLETED)


@pytest.mark.feature("A2")
def test_a_reason_has_at_most_255_characters() -> None:
    card = facts(agreed=True)
    assert rules.judge_status_change(card, S.COMPLETED, "x" * 255) is None
    assert rules.judge_status_change(card, S.COMPLETED, f"  {'x' * 255}\n") is None
    assert rules.judge_status_change(card, S.COMPLETED, "x" * 256) is PlanReason.REASON_TOO_LONG
    assert rules.judge_status_change(facts(), S.PLANNED, "x" * 256) is PlanReason.REASON_TOO_LONG


ACTS = {
    "edit": lambda card: rules.judge_edit(card, Side.NAV),
    "fields": lambda card: rules.judge_changed_fields(card, Side.NAV, frozenset({"title"})),
    "move": rules.judge_move,
    "status": lambda card: rules.judge_status_change(card, S.COMPLETED, "grunn"),
    "application": rules.judge_application_status,
    "agree": lambda card: rules.judge_agree(card, Side.NAV),
    "undo": lambda card: rules.judge_undo(
        last_kind=ChangeKind.STATUS, by_same=True, moved_at=MOVED, now=MOVED, facts=card
    ),
}


@pytest.mark.feature("P7")
@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_changed_in_an_earlier_period_or_one_that_has_ended(act: str) -> None:
    for status in Status:
        judge = ACTS[act]
        card = facts(T.STILLING, status, historic=True, period_open=False)
        assert judge(card) is PlanReason.HISTORIC
        assert judge(facts(T.STILLING, status, historic=True)) is PlanReason.HISTORIC
        assert judge(facts(T.STILLING, status, period_open=False)) is PlanReason.NO_PERIOD


@pytest.mark.feature("A1")
def test_who_may_create_what() -> None:
    both = {T.EGEN, T.STILLING, T.IJOBB, T.BEHANDLING}
    assert {s.type for s in creatable_by(Side.CITIZEN)} == both
    assert {s.type for s in creatable_by(Side.NAV)} == both | {T.SOKEAVTALE}
    assert creatable_by(Side.SYSTEM) == []
    for type, side in product(ActivityType, Side):
        allowed = type in {s.type for s in creatable_by(side)}
        assert rules.judge_create(type, side, period_open=True) is (
            None if allowed else PlanReason.TYPE_NOT_CREATED
        )
        assert rules.judge_create(type, side, period_open=False) is PlanReason.NO_PERIOD


@pytest.mark.feature("A1")
@pytest.mark.parametrize(
    ("type", "status", "agreed", "side"), [*product(ActivityType, Status, [False, True], PARTIES)]
)
def test_which_fields_each_party_may_change(
    type: ActivityType, status: Status, agreed: bool, side: Side
) -> None:
    card = facts(type, status, agreed=agreed)
    every = frozenset(spec.name for spec in ACTIVITY_TYPES[type].fields)
    reason: PlanReason | None = None
    fields = every
    if type is T.SAMTALEREFERAT:
        reason = PlanReason.TYPE_READ_ONLY
    elif status in FINISHED:
        reason = PlanReason.FINISHED
    elif agreed and side is Side.CITIZEN and type is not T.BEHANDLING:
        reason = PlanReason.AGREED_NAV_ONLY
    elif agreed:
        fields = frozenset({"to_date"})
    assert rules.judge_edit(card, side) is reason
    assert rules.editable_fields(card, side) == (frozenset() if reason else fields)
    for name in every:
        expected = reason or (None if name in fields else PlanReason.AGREED_ONLY_END)
        assert rules.judge_changed_fields(card, side, frozenset({name})) is expected
    assert rules.judge_changed_fields(card, side, frozenset()) is reason


@pytest.mark.feature("A11")
@pytest.mark.parametrize(("type", "status"), [*product(ActivityType, Status)])
def test_the_application_status_belongs_to_a_job_also_when_it_is_finished(
    type: ActivityType, status: Status
) -> None:
    expected = None if type is T.STILLING else PlanReason.NO_APPLICATION
    assert rules.judge_application_status(facts(type, status)) is expected


@pytest.mark.feature("A3")
@pytest.mark.parametrize(("type", "status", "agreed"), [*product(ActivityType, Status, [False, True])])
def test_nav_agrees_once_on_an_open_activity(type: ActivityType, status: Status, agreed: bool) -> None:
    card = facts(type, status, agreed=agreed)
    assert rules.judge_agree(card, Side.CITIZEN) is PlanReason.NOT_YOURS_TO_AGREE
    assert rules.judge_agree(card, Side.SYSTEM) is PlanReason.NOT_YOURS_TO_AGREE
    expected = None
    if type is T.SAMTALEREFERAT:
        expected = PlanReason.TYPE_READ_ONLY
    elif status in FINISHED:
        expected = PlanReason.FINISHED
    elif agreed:
        expected = PlanReason.ALREADY_AGREED
    assert rules.judge_agree(card, Side.NAV) is expected


UNDO = [  # last act, by the same person, after, undone?
    (ChangeKind.STATUS, True, timedelta(0), True),
    (ChangeKind.STATUS, True, timedelta(minutes=14, seconds=59), True),
    (ChangeKind.STATUS, True, timedelta(minutes=15), True),
    (ChangeKind.STATUS, True, timedelta(minutes=15, microseconds=1), False),
    (ChangeKind.STATUS, True, timedelta(seconds=-1), False),
    (ChangeKind.STATUS, False, timedelta(minutes=1), False),
    *((kind, True, timedelta(minutes=1), False) for kind in ChangeKind if kind is not ChangeKind.STATUS),
]


@pytest.mark.feature("P14")
@pytest.mark.parametrize(("kind", "same", "after", "undone"), UNDO)
@pytest.mark.parametrize("status", Status)
def test_a_move_is_undone_by_its_author_within_15_minutes_while_it_is_the_last_act(
    kind: ChangeKind, same: bool, after: timedelta, undone: bool, status: Status
) -> None:
    found = rules.judge_undo(
        last_kind=kind, by_same=same, moved_at=MOVED, now=MOVED + after, facts=facts(status=status)
    )
    assert found is (None if undone else PlanReason.NOTHING_TO_UNDO)


@pytest.mark.feature("G1")
@pytest.mark.parametrize(
    ("text", "period_open", "expected"),
    [
        ("Jobb i barnehage", True, None),
        ("x" * 500, True, None),
        (f"\n {'x' * 500} ", True, None),
        ("x" * 501, True, PlanReason.GOAL_TOO_LONG),
        ("", True, PlanReason.GOAL_EMPTY),
        (" \n\t ", True, PlanReason.GOAL_EMPTY),
        ("Jobb i barnehage", False, PlanReason.NO_PERIOD),
        ("", False, PlanReason.NO_PERIOD),
    ],
)
def test_a_goal_has_1_to_500_characters(text: str, period_open: bool, expected: PlanReason | None) -> None:
    assert rules.judge_goal(text, period_open=period_open) is expected


@pytest.mark.parametrize(("type", "status"), [*product(ActivityType, Status)])
@pytest.mark.parametrize("application", [None, *ApplicationStatus])
def test_an_open_activity_has_expired_the_day_after_its_end_unless_the_application_is_sent(
    type: ActivityType, status: Status, application: ApplicationStatus | None
) -> None:
    today = date(2026, 11, 18)
    sent = type is T.STILLING and application not in (None, ApplicationStatus.NOT_STARTED)
    asks = status in OPEN and not sent
    assert rules.ends(type, status, application) is asks
    assert rules.expired(type, status, application, today - timedelta(days=1), today) is asks
    assert not rules.expired(type, status, application, today, today)
    assert not rules.expired(type, status, application, None, today)


def test_a_code_that_does_not_exist_is_nothing() -> None:
    assert [rules.parse_status(s) for s in Status] == list(Status)
    for code in ("", "planlagt", "PLANNED", "FULLFORT ", "'; DROP TABLE"):
        assert rules.parse_status(code) is None
        assert rules.parse_application_status(code) is None
    assert rules.parse_application_status("JOBBTILBUD") == "JOBBTILBUD"
