"""What one can do in a plan. Each verb: facts, rule, write, history, touch; in the caller's transaction."""

from datetime import date, datetime
from typing import Any

from dap.access.actor import Actor
from dap.core.links import normal_link
from dap.core.reason import Refused
from dap.core.text import plain
from dap.core.touch import touch
from dap.people.models import FollowUpPeriod, Person
from dap.plan import rules
from dap.plan.activity_types import ACTIVITY_TYPES, COMMON, FieldKind
from dap.plan.enums import ActivityType, ApplicationStatus, ChangeKind, Status
from dap.plan.models import Activity, ActivityChange, Goal
from dap.plan.queries import StaleActivity, changes_since, facts_of, open_period
from dap.plan.rules import PlanReason


def set_goal(*, person: Person, text: str, seen_goal_id: int | None, by: Actor, at: datetime) -> Goal:
    """Write a new goal; the former stays in the history. An unchanged text writes nothing.

    Raises Refused: NO_PERIOD, GOAL_EMPTY, GOAL_TOO_LONG (422); STALE (409, detail: the current goal)
    when somebody has written another goal since `seen_goal_id`.
    """
    text = plain(text)
    period = open_period(person)
    if reason := rules.judge_goal(text, period_open=period is not None):
        raise Refused(reason, field="text")
    assert period is not None  # else the rule has refused
    current = Goal.objects.filter(person=person).select_related("by_counsellor").order_by("-id").first()
    if current and current.text == text and current.period_id == period.id:
        return current
    if (current.id if current else None) != seen_goal_id:
        raise Refused(PlanReason.STALE, detail=current)
    touch(person.id)
    return Goal.objects.create(
        person=person, period=period, text=text, at=at, by_side=by.side, by_counsellor_id=by.counsellor_id
    )


def create_activity(
    *, person: Person, type: ActivityType, values: dict[str, object], status: Status, by: Actor, at: datetime
) -> Activity:
    """Add an activity to the plan.

    Raises Refused: NO_PERIOD, TYPE_NOT_CREATED, or the first fault of the fields (422).
    """
    period = open_period(person)
    if reason := rules.judge_create(type, by.side, period_open=period is not None):
        raise Refused(reason)
    spec = ACTIVITY_TYPES[type]
    clean = _clean(type, values)
    for fault in rules.judge_fields(spec, clean):
        raise Refused(fault.reason, field=fault.field, values=fault.values)
    assert period is not None
    activity = Activity(
        person=person,
        period=period,
        type=type,
        status=status,
        created_at=at,
        changed_at=at,
        by_side=by.side,
        by_counsellor_id=by.counsellor_id,
        changed_by_side=by.side,
        changed_by_counsellor_id=by.counsellor_id,
    )
    _put(activity, clean)
    activity.save(force_insert=True)
    _remember(activity, ChangeKind.CREATED, {"status": [None, str(status)]}, by, at)
    return activity


def edit_activity(
    *, activity: Activity, version: int, values: dict[str, object], by: Actor, at: datetime
) -> Activity:
    """Change the fields of an activity; fields left out of `values` stay as they are.

    Raises Refused: STALE (409, detail: StaleActivity), FINISHED, HISTORIC, NO_PERIOD,
    AGREED_NAV_ONLY, AGREED_ONLY_END, or the first fault of the fields (422).
    """
    _judge_version(activity, version)
    kind = ActivityType(activity.type)
    before = field_values(activity)
    after = {**before, **_clean(kind, values)}
    changed = {name for name in after if after[name] != before.get(name)}
    facts = facts_of(activity)
    if reason := rules.judge_changed_fields(facts, by.side, frozenset(changed)):
        raise Refused(reason)
    for fault in rules.judge_fields(ACTIVITY_TYPES[kind], after):
        raise Refused(fault.reason, field=fault.field, values=fault.values)
    if not changed:
        return activity
    _put(activity, after)
    kind_of_change = ChangeKind.AGREED_DATE if activity.agreed else ChangeKind.DETAILS
    _advance(activity, by, at)
    differences = {name: [_stored(before.get(name)), _stored(after[name])] for name in sorted(changed)}
    _remember(activity, kind_of_change, differences, by, at)
    return activity


def change_status(
    *, activity: Activity, version: int, to: Status, reason: str, by: Actor, at: datetime
) -> Activity:
    """Move an activity to another column. Moving it where it stands changes nothing.

    Raises Refused: STALE (409), FINISHED, HISTORIC, NO_PERIOD, TYPE_READ_ONLY, REASON_REQUIRED,
    REASON_TOO_LONG (422).
    """
    reason = plain(reason)
    if activity.status == to and not (to.finished and reason):
        return activity
    _judge_version(activity, version)
    if refused := rules.judge_status_change(facts_of(activity), to, reason):
        raise Refused(refused, field="reason" if refused in rules.ABOUT_REASON else "")
    differences: dict[str, Any] = {"status": [activity.status, str(to)]}
    if to.finished and reason:
        differences["reason"] = [activity.reason, reason]
        activity.reason = reason
    activity.status = to
    _advance(activity, by, at)
    _remember(activity, ChangeKind.STATUS, differences, by, at)
    return activity


def undo_move(*, activity: Activity, version: int, by: Actor, at: datetime) -> Activity:
    """Take back the last move: the status and the reason are as before, the history keeps both acts.

    Raises Refused: NOTHING_TO_UNDO (422), STALE (409).
    """
    _judge_version(activity, version)
    last = ActivityChange.objects.filter(activity=activity).order_by("-version").first()
    if last is None:
        raise Refused(PlanReason.NOTHING_TO_UNDO)
    same = last.by_side == by.side and last.by_counsellor_id == by.counsellor_id
    if reason := rules.judge_undo(
        last_kind=ChangeKind(last.kind), by_same=same, moved_at=last.at, now=at, facts=facts_of(activity)
    ):
        raise Refused(reason)
    back = {name: [after, before] for name, (before, after) in last.changes.items()}
    activity.status = back["status"][1]
    if "reason" in back:
        activity.reason = back["reason"][1]
    _advance(activity, by, at)
    _remember(activity, ChangeKind.UNDONE, back, by, at)
    return activity


def set_application_status(
    *, activity: Activity, version: int, code: str, by: Actor, at: datetime
) -> Activity:
    """Tell how far an application has come.

    Raises Refused: STALE (409), NO_APPLICATION, UNKNOWN_APPLICATION, HISTORIC, NO_PERIOD (422).
    """
    to = rules.parse_application_status(code)
    if to is None:
        raise Refused(PlanReason.UNKNOWN_APPLICATION, field="application_status")
    if to == (activity.application_status or ApplicationStatus.NOT_STARTED):
        return activity
    _judge_version(activity, version)
    if reason := rules.judge_application_status(facts_of(activity)):
        raise Refused(reason)
    differences = {"application_status": [activity.application_status, str(to)]}
    activity.application_status = to
    _advance(activity, by, at)
    _remember(activity, ChangeKind.APPLICATION, differences, by, at)
    return activity


def agree(*, activity: Activity, version: int, by: Actor, at: datetime) -> Activity:
    """Set an activity as agreed with Nav.

    Raises Refused: STALE (409), NOT_YOURS_TO_AGREE, ALREADY_AGREED, FINISHED, HISTORIC, NO_PERIOD (422).
    """
    _judge_version(activity, version)
    if reason := rules.judge_agree(facts_of(activity), by.side):
        raise Refused(reason)
    activity.agreed_at = at
    _advance(activity, by, at)
    _remember(activity, ChangeKind.AGREED, {"agreed": [False, True]}, by, at)
    return activity


def field_values(activity: Activity) -> dict[str, object]:
    """The activity's fields by name, as its type declares them: "" or None where blank."""
    values: dict[str, object] = {}
    for spec in ACTIVITY_TYPES[ActivityType(activity.type)].fields:
        values[spec.name] = (
            getattr(activity, spec.name) if spec.name in COMMON else activity.details.get(spec.name, "")
        )
    return values


def _clean(activity_type: ActivityType, values: dict[str, object]) -> dict[str, object]:
    """Trim texts, complete links, and leave out what the type does not have."""
    clean: dict[str, object] = {}
    for spec in ACTIVITY_TYPES[activity_type].fields:
        if spec.name not in values:
            continue
        value = values[spec.name]
        if isinstance(value, str):
            value = plain(value)
            if spec.kind is FieldKind.LINK:
                value = normal_link(value)
        clean[spec.name] = value
    return clean


def _put(activity: Activity, values: dict[str, object]) -> None:
    spec = ACTIVITY_TYPES[ActivityType(activity.type)]
    details = dict(activity.details)
    for name, value in values.items():
        if name in COMMON:
            setattr(activity, name, value)
        elif value in ("", None):
            details.pop(name, None)
        else:
            details[name] = value
    activity.details = details
    if spec.title_from not in ("", "title"):
        activity.title = str(details.get(spec.title_from, ""))
    elif spec.default_title:
        activity.title = spec.default_title


def _stored(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _judge_version(activity: Activity, version: int) -> None:
    if activity.version != version:
        raise Refused(PlanReason.STALE, detail=StaleActivity(activity, changes_since(activity, version)))


def _advance(activity: Activity, by: Actor, at: datetime) -> None:
    activity.version += 1
    activity.changed_at = at
    activity.changed_by_side = by.side
    activity.changed_by_counsellor_id = by.counsellor_id
    activity.save(force_update=True)


def _remember(activity: Activity, kind: ChangeKind, changes: dict[str, Any], by: Actor, at: datetime) -> None:
    ActivityChange.objects.create(
        activity=activity,
        version=activity.version,
        at=at,
        kind=kind,
        changes=changes,
        by_side=by.side,
        by_counsellor_id=by.counsellor_id,
    )
    touch(activity.person_id)


def close_period(*, period: FollowUpPeriod, by: Actor, at: datetime) -> None:
    """When a follow-up period ends, its activities become history with their status unchanged.

    Source: reference/plan.md section 8.
    """
    for activity in Activity.objects.select_for_update().filter(period=period, historic_at__isnull=True):
        activity.historic_at = at
        _advance(activity, by, at)
        _remember(activity, ChangeKind.ARCHIVED, {}, by, at)
