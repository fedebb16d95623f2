"""What one can see of a plan. The person has been fetched through the actor's reach by the wrapper."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from dap.access.actor import Actor
from dap.access.rules import AccessReason
from dap.core import clock
from dap.core.enums import Side
from dap.core.reason import Refused
from dap.people.models import FollowUpPeriod, Person
from dap.plan import rules
from dap.plan.activity_types import ACTIVITY_TYPES, TypeSpec
from dap.plan.enums import ActivityType, ApplicationStatus, ChangeKind, Status
from dap.plan.filters import Choices, Filters
from dap.plan.models import Activity, ActivityChange, ActivitySeen, Goal

FOLD_AFTER = timedelta(days=31)
"""Finished cards older than a month fold away (reference/plan.md section 7)."""
ENDS_SOON = timedelta(days=7)
DEADLINE_WARNING = timedelta(days=14)


@dataclass(frozen=True)
class StaleActivity:
    """A stale save: the activity as it stands, and what has been changed since the form was drawn."""

    activity: Activity
    changes: list[ActivityChange]


@dataclass(frozen=True)
class Card:
    """One activity as the board and the list show it."""

    activity: Activity
    type: ActivityType
    status: Status
    unread: bool
    movable: bool
    ends: bool
    expired: bool
    undoable: bool

    @property
    def id(self) -> UUID:
        """The activity's id."""
        return self.activity.id

    @property
    def spec(self) -> TypeSpec:
        """Wording and fields of the type."""
        return ACTIVITY_TYPES[self.type]

    @property
    def application(self) -> ApplicationStatus | None:
        """How far an application has come, when told."""
        code = self.activity.application_status
        return ApplicationStatus(code) if code else None

    @property
    def employer(self) -> str:
        """The employer, for types that have one."""
        return str(self.activity.details.get("employer", ""))

    @property
    def deadline_soon(self) -> bool:
        """An open activity that ends within 14 days."""
        end = self.activity.to_date
        return bool(end and self.ends and clock.today() <= end <= clock.today() + DEADLINE_WARNING)


@dataclass(frozen=True)
class Column:
    """One status of the board: the cards shown, and the older finished ones folded away."""

    status: Status
    cards: list[Card]
    folded: list[Card]

    @property
    def count(self) -> int:
        """All cards of the column."""
        return len(self.cards) + len(self.folded)


@dataclass(frozen=True)
class Board:
    """The plan of one period."""

    person: Person
    period: FollowUpPeriod | None
    periods: list[FollowUpPeriod]
    goal: Goal | None
    columns: list[Column]
    filters: Filters
    choices: Choices
    writable: bool
    unread: int
    shown: int
    total: int
    undo: Card | None = None
    creatable: list[TypeSpec] = field(default_factory=list)

    @property
    def all_cards(self) -> list[Card]:
        """Every card that the filters let through, newest change first."""
        cards = [card for column in self.columns for card in (*column.cards, *column.folded)]
        return sorted(cards, key=lambda card: card.activity.changed_at, reverse=True)


def open_period(person: Person) -> FollowUpPeriod | None:
    """The person's open follow-up period, if any."""
    return FollowUpPeriod.objects.filter(person=person, ended_at__isnull=True).first()


def facts_of(activity: Activity, *, period_open: bool | None = None) -> rules.ActivityFacts:
    """The facts of an activity that its rules judge; `period_open` spares fetching the period."""
    return rules.ActivityFacts(
        type=ActivityType(activity.type),
        status=Status(activity.status),
        agreed=activity.agreed,
        historic=activity.historic_at is not None,
        period_open=activity.period.ended_at is None if period_open is None else period_open,
    )


def activity_in(person: Person, activity_id: UUID) -> Activity:
    """An activity of this person. Raises Refused(NOT_FOUND, 404)."""
    activity = (
        Activity.objects.select_related("period", "by_counsellor", "changed_by_counsellor")
        .filter(person=person, id=activity_id)
        .first()
    )
    if activity is None:
        raise Refused(AccessReason.NOT_FOUND)
    return activity


def activity_for_change(person: Person, activity_id: UUID) -> Activity:
    """The activity locked for a write; the person is locked already. Raises Refused(NOT_FOUND, 404)."""
    activity = (
        Activity.objects.select_for_update(of=("self",))
        .select_related("period")
        .filter(person=person, id=activity_id)
        .first()
    )
    if activity is None:
        raise Refused(AccessReason.NOT_FOUND)
    return activity


def changes_since(activity: Activity, version: int) -> list[ActivityChange]:
    """What has been changed after a version, oldest first."""
    return list(
        ActivityChange.objects.filter(activity=activity, version__gt=version)
        .select_related("by_counsellor")
        .order_by("version")
    )


def history(activity: Activity) -> list[ActivityChange]:
    """The whole history, newest first."""
    return list(
        ActivityChange.objects.filter(activity=activity).select_related("by_counsellor").order_by("-version")
    )


def _with_seen(actor: Actor, activities: QuerySet[Activity]) -> QuerySet[Activity]:
    seen = ActivitySeen.objects.filter(activity=OuterRef("pk"), viewer_key=actor.key).values("version")
    return activities.annotate(seen_version=Subquery(seen[:1]))


def card_of(actor: Actor, activity: Activity, *, period_open: bool, undoable: bool = False) -> Card:
    """The card of an activity fetched with `seen_version`."""
    status = Status(activity.status)
    facts = facts_of(activity, period_open=period_open)
    application = ApplicationStatus(activity.application_status) if activity.application_status else None
    return Card(
        activity=activity,
        type=facts.type,
        status=status,
        unread=_unread(actor, activity),
        movable=rules.judge_move(facts) is None and not actor.viewing_as_citizen,
        ends=rules.ends(facts.type, status, application),
        expired=rules.expired(facts.type, status, application, activity.to_date, clock.today()),
        undoable=undoable,
    )


def _unread(actor: Actor, activity: Activity) -> bool:
    """Changed by somebody else since this viewer last had it on the screen; what is history is not new."""
    if actor.viewing_as_citizen or activity.historic_at is not None:
        return False
    mine = activity.changed_by_side == actor.side and activity.changed_by_counsellor_id == actor.counsellor_id
    seen: int | None = getattr(activity, "seen_version", None)
    return not mine and (seen is None or seen < activity.version)


def board(actor: Actor, person: Person, *, filters: Filters, period_id: str = "", moved: str = "") -> Board:
    """The plan of the chosen period (the open one, else the newest): five columns and what stands above them.

    `moved` is the id of a card that the actor has just moved: it offers to undo.
    """
    periods = list(FollowUpPeriod.objects.filter(person=person).order_by("-started_at"))
    period = next((p for p in periods if str(p.id) == period_id), periods[0] if periods else None)
    activities = list(
        _with_seen(actor, Activity.objects.filter(person=person, period=period))
        .select_related("by_counsellor")
        .order_by("-changed_at", "id")
        if period
        else []
    )
    period_open = bool(period and period.ended_at is None)
    cards = [card_of(actor, activity, period_open=period_open) for activity in activities]
    shown = [card for card in cards if filters.match(card.activity)]
    fold_before = clock.now() - FOLD_AFTER
    return Board(
        person=person,
        period=period,
        periods=periods,
        goal=_goal_in(person, period),
        columns=[_column(status, shown, fold_before) for status in Status],
        filters=filters,
        choices=Choices.of(activities),
        writable=period_open and not actor.viewing_as_citizen,
        unread=sum(card.unread for card in cards),
        shown=len(shown),
        total=len(cards),
        undo=_undoable(actor, cards, moved) if moved else None,
        creatable=[spec for spec in ACTIVITY_TYPES.values() if actor.side in spec.created_by],
    )


def _column(status: Status, cards: Iterable[Card], fold_before: datetime) -> Column:
    shown: list[Card] = []
    folded: list[Card] = []
    for card in cards:
        if card.status is status:
            old = status.finished and card.activity.changed_at < fold_before and not card.unread
            (folded if old else shown).append(card)
    return Column(status, shown, folded)


def _undoable(actor: Actor, cards: list[Card], moved: str) -> Card | None:
    card = next((card for card in cards if str(card.id) == moved), None)
    return card if card and can_undo(actor, card.activity) else None


def can_undo(actor: Actor, activity: Activity) -> bool:
    """Whether this actor may take back the last move of the activity now."""
    return _may_undo(
        actor, activity, ActivityChange.objects.filter(activity=activity).order_by("-version").first()
    )


def _may_undo(actor: Actor, activity: Activity, last: ActivityChange | None) -> bool:
    if last is None or actor.viewing_as_citizen:
        return False
    same = last.by_side == actor.side and last.by_counsellor_id == actor.counsellor_id
    return (
        rules.judge_undo(
            last_kind=ChangeKind(last.kind),
            by_same=same,
            moved_at=last.at,
            now=clock.now(),
            facts=facts_of(activity),
        )
        is None
    )


def _goal_in(person: Person, period: FollowUpPeriod | None) -> Goal | None:
    if period is None:
        return None
    return (
        Goal.objects.filter(person=person, period=period)
        .select_related("by_counsellor")
        .order_by("-id")
        .first()
    )


def current_goal(person: Person) -> Goal | None:
    """The newest goal of the person, whichever period it was written in."""
    return Goal.objects.filter(person=person).select_related("by_counsellor").order_by("-id").first()


def goals(person: Person) -> list[Goal]:
    """Every goal, newest first."""
    return list(Goal.objects.filter(person=person).select_related("by_counsellor").order_by("-id"))


@dataclass(frozen=True)
class ActivityPage:
    """One activity with all that its page shows, and what the viewer may do with it."""

    card: Card
    history: list[ActivityChange]
    editable: frozenset[str]
    edit_refused: rules.PlanReason | None
    move_refused: rules.PlanReason | None
    may_set_application: bool
    may_agree: bool
    reason_on_finish: bool


def activity_page(actor: Actor, person: Person, activity_id: UUID) -> ActivityPage:
    """The page of an activity; the buttons come from the rules that the acts obey. Raises NOT_FOUND (404)."""
    activity = (
        _with_seen(actor, Activity.objects.filter(person=person, id=activity_id))
        .select_related("period", "by_counsellor", "changed_by_counsellor")
        .first()
    )
    if activity is None:
        raise Refused(AccessReason.NOT_FOUND)
    facts = facts_of(activity)
    changes = history(activity)
    reading_only = actor.viewing_as_citizen
    return ActivityPage(
        card=card_of(
            actor,
            activity,
            period_open=facts.period_open,
            undoable=_may_undo(actor, activity, changes[0] if changes else None),
        ),
        history=changes,
        editable=frozenset() if reading_only else rules.editable_fields(facts, actor.side),
        edit_refused=rules.judge_edit(facts, actor.side),
        move_refused=rules.judge_move(facts),
        may_set_application=not reading_only and rules.judge_application_status(facts) is None,
        may_agree=not reading_only and rules.judge_agree(facts, actor.side) is None,
        reason_on_finish=rules.reason_required(facts, Status.COMPLETED),
    )


def mark_seen(actor: Actor, activity: Activity) -> None:
    """Remember that this viewer has had this version on the screen."""
    if getattr(activity, "seen_version", None) != activity.version:
        _mark_seen(actor, [activity])


def mark_all_seen(actor: Actor, person: Person) -> None:
    """Remember that this viewer has seen the whole plan as it is."""
    _mark_seen(actor, Activity.objects.filter(person=person).order_by("id"))


def _mark_seen(actor: Actor, activities: Iterable[Activity]) -> None:
    ActivitySeen.objects.bulk_create(
        [ActivitySeen(viewer_key=actor.key, activity=a, version=a.version) for a in activities],
        update_conflicts=True,
        unique_fields=["viewer_key", "activity"],
        update_fields=["version"],
    )


@dataclass(frozen=True)
class Waiting:
    """What in the plan waits for the citizen: expired, ending soon, changed by Nav and not yet read."""

    proposed: list[Card]
    expired: list[Card]
    ending: list[Card]
    unread: list[Card]
    next: Card | None
    nothing: bool


def waiting(actor: Actor, person: Person) -> Waiting:
    """For the citizen's home: one statement over the open period's activities."""
    today = clock.today()
    activities = list(
        _with_seen(
            actor, Activity.objects.filter(person=person, period__ended_at__isnull=True, historic_at=None)
        )
        .select_related("by_counsellor")
        .order_by("changed_at", "id")
    )
    cards = [card_of(actor, activity, period_open=True) for activity in activities]
    dated = sorted(
        (c for c in cards if c.activity.to_date and c.ends), key=lambda c: (c.activity.to_date, c.id)
    )
    ahead = [c for c in dated if (c.activity.to_date or date.min) >= today]
    return Waiting(
        proposed=[c for c in cards if c.status is Status.PROPOSED and c.activity.by_side == Side.NAV],
        expired=[card for card in dated if card.expired],
        ending=[c for c in ahead if (c.activity.to_date or date.max) <= today + ENDS_SOON],
        unread=[card for card in cards if card.unread and not card.expired],
        next=next(iter(ahead), None),
        nothing=not cards,
    )
