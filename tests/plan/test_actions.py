"""What one can do in a plan, on the database: an act leaves one version, one history row, no more."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from dap.access.sessions import citizen_actor
from dap.core.reason import Refused
from dap.people.models import FollowUpPeriod
from dap.plan import actions, queries
from dap.plan.enums import ActivityType, ApplicationStatus, ChangeKind, Status
from dap.plan.models import Activity, ActivityChange
from dap.plan.rules import PlanReason

from .. import factories
from ..factories import FIELDS, NOW, TODAY, House

T, S, K = ActivityType, Status, ChangeKind


def refused(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as found:
        act()
    return found.value


def stored(activity: Activity) -> Activity:
    return Activity.objects.select_related("period").get(id=activity.id)


def changes(activity: Activity) -> list[ActivityChange]:
    return list(ActivityChange.objects.filter(activity=activity).order_by("version"))


def untouched(activity: Activity, act: Callable[[Activity], object]) -> Refused:
    """The act is refused and neither card nor history has changed."""
    before, rows = Activity.objects.filter(id=activity.id).values().get(), changes(activity)
    found = refused(lambda: act(stored(activity)))
    assert Activity.objects.filter(id=activity.id).values().get() == before
    assert changes(activity) == rows
    return found


@pytest.mark.feature("A1")
@pytest.mark.parametrize("type", FIELDS)
def test_a_new_activity_is_stored_with_its_first_history_row(house: House, type: ActivityType) -> None:
    made = actions.create_activity(
        person=house.citizen, type=type, values=FIELDS[type], status=S.PLANNED, by=house.counsellor, at=NOW
    )
    card = stored(made)
    assert (card.version, card.status, card.type) == (1, S.PLANNED, type)
    assert {name: value for name, value in actions.field_values(card).items() if value} == FIELDS[type]
    titles = {T.SOKEAVTALE: "Avtale om å søke jobber", T.BEHANDLING: "Fysioterapi"}
    assert card.title == titles.get(type, FIELDS[type].get("title"))
    (row,) = changes(card)
    assert (row.kind, row.version, row.at, row.changes) == (K.CREATED, 1, NOW, {"status": [None, "PLANLAGT"]})
    assert (row.by_side, row.by_counsellor_id) == ("NAV", house.counsellor.id)
    assert (card.by_side, card.changed_by_side, card.changed_at) == ("NAV", "NAV", NOW)


@pytest.mark.feature("A1")
def test_what_may_not_be_created_is_refused_with_its_reason(house: House) -> None:
    def create(type: ActivityType, person: Any = house.citizen, **values: object) -> Refused:
        return refused(
            lambda: actions.create_activity(
                person=person, type=type, values=values, status=S.PLANNED, by=house.by_citizen, at=NOW
            )
        )

    assert create(T.SOKEAVTALE).reason is PlanReason.TYPE_NOT_CREATED
    blank = create(T.EGEN, title="   ", from_date=TODAY, to_date=TODAY)
    assert (blank.reason, blank.field) == (PlanReason.FIELD_REQUIRED, "title")
    without = factories.person(house.office, "Ola", period=False)
    assert create(T.EGEN, without).reason is PlanReason.NO_PERIOD
    assert not Activity.objects.exists()


@pytest.mark.feature("A5")
def test_a_change_of_fields_raises_the_version_by_one_and_is_remembered_field_by_field(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen, link="nav.no")
    values = {"title": " Ny tittel\r\n", "purpose": "Praksis", "to_date": date(2027, 1, 5), "unknown": "x"}
    actions.edit_activity(activity=stored(card), version=1, values=values, by=house.counsellor, at=NOW)
    now = stored(card)
    assert (now.version, now.title, now.link, now.details) == (
        2,
        "Ny tittel",
        "https://nav.no",
        {"purpose": "Praksis"},
    )
    assert (now.changed_by_side, now.changed_by_counsellor_id) == ("NAV", house.counsellor.id)
    row = changes(card)[-1]
    assert (row.kind, row.version) == (K.DETAILS, 2)
    assert row.changes == {
        "purpose": ["", "Praksis"],
        "title": ["Oppdatere CV-en", "Ny tittel"],
        "to_date": ["2026-12-08", "2027-01-05"],
    }


@pytest.mark.feature("A5")
def test_saving_what_is_stored_already_writes_nothing(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen, T.STILLING)
    values = actions.field_values(stored(card))
    actions.edit_activity(activity=stored(card), version=1, values=values, by=house.by_citizen, at=NOW)
    actions.edit_activity(activity=stored(card), version=1, values={}, by=house.by_citizen, at=NOW)
    for reason in ("", "fordi"):
        actions.change_status(
            activity=stored(card), version=1, to=S.PLANNED, reason=reason, by=house.by_citizen, at=NOW
        )
    actions.set_application_status(
        activity=stored(card), version=1, code="IKKE_STARTET", by=house.by_citizen, at=NOW
    )
    assert stored(card).version == 1
    assert len(changes(card)) == 1


@pytest.mark.feature("A5")
def test_a_stale_save_is_refused_with_the_stored_version_and_what_has_happened_since(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen, T.STILLING)
    edit = {"values": {"title": "Barnehagevikar"}, "by": house.counsellor, "at": NOW}
    actions.edit_activity(activity=stored(card), version=1, **edit)
    by: dict[str, Any] = {"version": 1, "by": house.by_citizen, "at": NOW}
    acts: list[Callable[[Activity], object]] = [
        lambda a: actions.edit_activity(activity=a, values={"title": "Min tittel"}, **by),
        lambda a: actions.change_status(activity=a, to=S.IN_PROGRESS, reason="", **by),
        lambda a: actions.set_application_status(activity=a, code="SOKNAD_SENDT", **by),
        lambda a: actions.undo_move(activity=a, **by),
        lambda a: actions.agree(activity=a, version=7, by=house.counsellor, at=NOW),
    ]
    for act in acts:
        found = untouched(card, act)
        assert found.reason is PlanReason.STALE
        assert found.reason.status == 409
        assert found.detail.activity.title == "Barnehagevikar"
    assert [c.version for c in untouched(card, acts[0]).detail.changes] == [2]


@pytest.mark.feature("A3")
def test_after_it_is_agreed_only_the_end_date_is_changed_and_only_by_nav_but_for_a_treatment(
    house: House,
) -> None:
    card = factories.activity(house.citizen, house.by_citizen, agreed_by=house.counsellor)
    treatment = factories.activity(house.citizen, house.by_citizen, T.BEHANDLING, agreed_by=house.counsellor)
    assert stored(card).agreed
    assert [c.kind for c in changes(card)] == [K.CREATED, K.AGREED]

    def edit(activity: Activity, by: Any, **values: object) -> Activity:
        return actions.edit_activity(activity=activity, version=2, values=values, by=by, at=NOW)

    later = TODAY + timedelta(days=40)
    nav_only = untouched(card, lambda a: edit(a, house.by_citizen, to_date=later))
    assert nav_only.reason is PlanReason.AGREED_NAV_ONLY
    only_end = untouched(card, lambda a: edit(a, house.counsellor, to_date=later, title="Noe annet"))
    assert only_end.reason is PlanReason.AGREED_ONLY_END
    only_end = untouched(treatment, lambda a: edit(a, house.by_citizen, effect="Bedre rygg"))
    assert only_end.reason is PlanReason.AGREED_ONLY_END
    edit(stored(card), house.counsellor, to_date=later)
    edit(stored(treatment), house.by_citizen, to_date=later)
    for activity in (card, treatment):
        row = changes(activity)[-1]
        assert (row.kind, [*row.changes], stored(activity).to_date) == (K.AGREED_DATE, ["to_date"], later)


@pytest.mark.feature("A3")
def test_only_nav_agrees_and_only_once(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen)

    def agree(a: Activity, by: Any) -> Activity:
        return actions.agree(activity=a, version=a.version, by=by, at=NOW)

    assert untouched(card, lambda a: agree(a, house.by_citizen)).reason is PlanReason.NOT_YOURS_TO_AGREE
    agree(stored(card), house.counsellor)
    assert changes(card)[-1].changes == {"agreed": [False, True]}
    assert untouched(card, lambda a: agree(a, house.colleague)).reason is PlanReason.ALREADY_AGREED


@pytest.mark.feature("A2")
def test_a_finished_card_keeps_its_reason_and_is_locked(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen, agreed_by=house.counsellor)

    def move(a: Activity, reason: str, to: Status = S.COMPLETED) -> Activity:
        return actions.change_status(
            activity=a, version=a.version, to=to, reason=reason, by=house.by_citizen, at=NOW
        )

    missing = untouched(card, lambda a: move(a, " "))
    assert (missing.reason, missing.field) == (PlanReason.REASON_REQUIRED, "reason")
    move(stored(card), "  Jeg fikk jobb\r\ni dag ")
    done = stored(card)
    assert (done.status, done.reason, done.version) == (S.COMPLETED, "Jeg fikk jobb\ni dag", 3)
    assert changes(card)[-1].changes == {
        "status": ["PLANLAGT", "FULLFORT"],
        "reason": ["", "Jeg fikk jobb\ni dag"],
    }
    assert untouched(card, lambda a: move(a, "", S.PLANNED)).reason is PlanReason.FINISHED
    locked = untouched(
        card,
        lambda a: actions.edit_activity(
            activity=a, version=3, values={"title": "x"}, by=house.counsellor, at=NOW
        ),
    )
    assert locked.reason is PlanReason.FINISHED


@pytest.mark.feature("A11")
def test_the_application_status_is_told_by_both_also_after_the_card_is_finished(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen, T.STILLING, finished_as=S.COMPLETED)
    other = factories.activity(house.citizen, house.by_citizen)

    def tell(a: Activity, code: str, by: Any = house.by_citizen) -> Activity:
        return actions.set_application_status(activity=a, version=a.version, code=code, by=by, at=NOW)

    for version, code in enumerate(ApplicationStatus, start=2):
        if code is not ApplicationStatus.NOT_STARTED:
            tell(stored(card), str(code), house.counsellor)
            assert stored(card).version == version
    assert changes(card)[2].changes == {"application_status": ["", "SOKNAD_SENDT"]}
    assert untouched(other, lambda a: tell(a, "JOBBTILBUD")).reason is PlanReason.NO_APPLICATION
    assert untouched(card, lambda a: tell(a, "ANSATT")).reason is PlanReason.UNKNOWN_APPLICATION


@pytest.mark.feature("P14")
def test_undo_takes_the_card_and_its_reason_back_and_the_history_keeps_both_acts(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen)
    actions.change_status(
        activity=stored(card), version=1, to=S.ABORTED, reason="Feil kort", by=house.by_citizen, at=NOW
    )

    def undo(a: Activity, by: Any = house.by_citizen, after: timedelta = timedelta(minutes=15)) -> Activity:
        return actions.undo_move(activity=a, version=a.version, by=by, at=NOW + after)

    for by in (house.counsellor, house.colleague):
        assert untouched(card, lambda a, by=by: undo(a, by)).reason is PlanReason.NOTHING_TO_UNDO
    late = untouched(card, lambda a: undo(a, after=timedelta(minutes=15, seconds=1)))
    assert late.reason is PlanReason.NOTHING_TO_UNDO
    undo(stored(card))
    back = stored(card)
    assert (back.status, back.reason, back.version) == (S.PLANNED, "", 3)
    assert [c.kind for c in changes(card)] == [K.CREATED, K.STATUS, K.UNDONE]
    assert changes(card)[-1].changes == {"status": ["AVBRUTT", "PLANLAGT"], "reason": ["Feil kort", ""]}
    assert untouched(card, undo).reason is PlanReason.NOTHING_TO_UNDO, "an undo is not undone"


@pytest.mark.feature("P14")
def test_a_move_that_is_no_longer_the_last_act_is_not_undone(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen, T.STILLING)
    by: dict[str, Any] = {"by": house.by_citizen, "at": NOW}
    actions.change_status(activity=stored(card), version=1, to=S.IN_PROGRESS, reason="", **by)
    actions.set_application_status(activity=stored(card), version=2, code="SOKNAD_SENDT", **by)
    found = untouched(card, lambda a: actions.undo_move(activity=a, version=3, **by))
    assert found.reason is PlanReason.NOTHING_TO_UNDO


@pytest.mark.feature("P7")
def test_when_a_period_ends_its_activities_become_history_with_their_status_unchanged(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen, T.STILLING, status=S.IN_PROGRESS)
    factories.end_period(house.citizen)
    gone = stored(card)
    assert (gone.status, gone.version, gone.historic_at is not None) == (S.IN_PROGRESS, 2, True)
    row = changes(card)[-1]
    assert (row.kind, row.by_side, row.by_counsellor_id) == (K.ARCHIVED, "SYSTEM", None)
    by: dict[str, Any] = {"version": 2, "by": house.by_citizen, "at": NOW}
    for act in (
        lambda a: actions.edit_activity(activity=a, values={"title": "x"}, **by),
        lambda a: actions.change_status(activity=a, to=S.COMPLETED, reason="", **by),
        lambda a: actions.set_application_status(activity=a, code="SOKNAD_SENDT", **by),
    ):
        assert untouched(card, act).reason is PlanReason.HISTORIC
    FollowUpPeriod.objects.create(person=house.citizen, started_at=NOW)
    new = factories.activity(house.citizen, citizen_actor(house.citizen), at=NOW)
    shown = queries.board(house.by_citizen, house.citizen, filters=queries.Filters())
    assert [c.id for c in shown.all_cards] == [new.id]
