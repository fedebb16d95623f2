"""What is allowed in a plan. Facts in, a reason or None out; no Django, no database.

Source: reference/plan.md sections 1, 2, 3 and 5. Nav's server enforces only that a finished card is
locked; the rest stood in its browser code and stands here.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dap.core.enums import Side
from dap.core.links import is_safe_link, normal_link
from dap.core.reason import Reason
from dap.core.text import N_
from dap.plan.activity_types import ACTIVITY_TYPES, FieldKind, FieldSpec, TypeSpec
from dap.plan.enums import ActivityType, ApplicationStatus, ChangeKind, Status

MAX_REASON = 255
MAX_GOAL = 500
UNDO_WITHIN = timedelta(minutes=15)
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)


class PlanReason(Reason):
    """Why an act in the plan is refused; the sentence is what the person sees."""

    NO_PERIOD = N_("Du kan ikke endre planen, fordi det ikke er noen åpen oppfølging.")
    FINISHED = N_("Aktiviteten er avsluttet og kan ikke endres. Lag en ny hvis du skal fortsette.")
    HISTORIC = N_("Aktiviteten hører til en tidligere oppfølging og kan bare leses.")
    TYPE_NOT_CREATED = N_("Denne typen aktivitet kan bare Nav legge til.")
    TYPE_READ_ONLY = N_("Et samtalereferat kan ikke endres eller flyttes.")
    AGREED_ONLY_END = N_("Aktiviteten er avtalt med Nav. Da kan bare sluttdatoen endres.")
    AGREED_NAV_ONLY = N_("Aktiviteten er avtalt med Nav. Skriv til veilederen din hvis noe må endres.")
    UNKNOWN_STATUS = N_("Velg en av statusene.")
    REASON_REQUIRED = N_("Aktiviteten er avtalt med Nav. Skriv kort hvorfor den er fullført eller avbrutt.")
    REASON_TOO_LONG = N_("Begrunnelsen kan ha høyst 255 tegn.")
    NO_APPLICATION = N_("Bare en stilling kan ha søknadsstatus.")
    UNKNOWN_APPLICATION = N_("Velg en av søknadsstatusene.")
    ALREADY_AGREED = N_("Aktiviteten er allerede avtalt med Nav.")
    NOT_YOURS_TO_AGREE = N_("Bare Nav kan sette en aktivitet som avtalt.")
    STALE = (
        N_("Dette er endret mens du hadde det åpent. Se begge versjonene under, og velg."),
        409,
    )
    NOTHING_TO_UNDO = N_("Flyttingen kan ikke angres lenger.")
    GOAL_EMPTY = N_("Skriv hva målet er.")
    GOAL_TOO_LONG = N_("Målet kan ha høyst 500 tegn.")
    FIELD_REQUIRED = N_("Fyll ut «%(label)s».")
    FIELD_TOO_LONG = N_("«%(label)s» kan ha høyst %(max)s tegn. Du har skrevet %(length)s.")
    FIELD_NUMBER = N_("«%(label)s» må være et tall fra %(minimum)s til %(maximum)s.")
    FIELD_CHOICE = N_("Velg et av alternativene i «%(label)s».")
    FIELD_DATE = N_("Skriv «%(label)s» som dag, måned og år, for eksempel 31.12.2026.")
    FIELD_DATE_RANGE = N_("«%(label)s» må være mellom 1950 og 2100.")
    END_BEFORE_START = N_("«%(label)s» kan ikke være før startdatoen.")
    UNSAFE_LINK = N_("Lenken må være en nettadresse, for eksempel https://www.nav.no.")


ABOUT_REASON = frozenset({PlanReason.REASON_REQUIRED, PlanReason.REASON_TOO_LONG})
"""Refusals of a move that are mended in its field for the reason."""


@dataclass(frozen=True)
class ActivityFacts:
    """What decides about an activity."""

    type: ActivityType
    status: Status
    agreed: bool
    historic: bool
    period_open: bool


@dataclass(frozen=True)
class FieldFault:
    """One field that is not right: where, why, and the values of the sentence."""

    field: str
    reason: PlanReason
    values: dict[str, object]


def judge_open(facts: ActivityFacts) -> PlanReason | None:
    """Nothing changes in an earlier period, or in one that has ended."""
    if facts.historic:
        return PlanReason.HISTORIC
    return None if facts.period_open else PlanReason.NO_PERIOD


def judge_create(activity_type: ActivityType, side: Side, *, period_open: bool) -> PlanReason | None:
    """Who may create what: the job-search agreement is Nav's, the others are both parties'."""
    if not period_open:
        return PlanReason.NO_PERIOD
    return None if side in ACTIVITY_TYPES[activity_type].created_by else PlanReason.TYPE_NOT_CREATED


def judge_edit(facts: ActivityFacts, side: Side) -> PlanReason | None:
    """Whether this party may change anything at all in the activity."""
    if reason := judge_open(facts):
        return reason
    if facts.type is ActivityType.SAMTALEREFERAT:
        return PlanReason.TYPE_READ_ONLY
    if facts.status.finished:
        return PlanReason.FINISHED
    if facts.agreed and side is Side.CITIZEN and facts.type is not ActivityType.BEHANDLING:
        return PlanReason.AGREED_NAV_ONLY
    return None


def editable_fields(facts: ActivityFacts, side: Side) -> frozenset[str]:
    """The fields that this party may change: all, or the end date once it is agreed, or none."""
    if judge_edit(facts, side):
        return frozenset()
    if facts.agreed:
        return frozenset({"to_date"})
    return frozenset(spec.name for spec in ACTIVITY_TYPES[facts.type].fields)


def judge_changed_fields(facts: ActivityFacts, side: Side, changed: frozenset[str]) -> PlanReason | None:
    """Refuse a change of a field that is not this party's to change (Nav ignores it silently)."""
    if reason := judge_edit(facts, side):
        return reason
    return None if changed <= editable_fields(facts, side) else PlanReason.AGREED_ONLY_END


def judge_move(facts: ActivityFacts) -> PlanReason | None:
    """Whether the card may leave its column at all. Both parties may move all cards of this slice."""
    if reason := judge_open(facts):
        return reason
    if facts.type is ActivityType.SAMTALEREFERAT:
        return PlanReason.TYPE_READ_ONLY
    return PlanReason.FINISHED if facts.status.finished else None


def reason_required(facts: ActivityFacts, to: Status) -> bool:
    """An agreed activity is finished with a reason."""
    return facts.agreed and to.finished


def judge_status_change(facts: ActivityFacts, to: Status, reason: str) -> PlanReason | None:
    """From any open status to any other; finished ones are locked."""
    if refused := judge_move(facts):
        return refused
    if reason_required(facts, to) and not reason.strip():
        return PlanReason.REASON_REQUIRED
    return PlanReason.REASON_TOO_LONG if len(reason.strip()) > MAX_REASON else None


def parse_status(code: str) -> Status | None:
    """The status of a code, None for one that does not exist."""
    return Status(code) if code in set(Status) else None


def judge_application_status(facts: ActivityFacts) -> PlanReason | None:
    """Both parties, on a job to apply for, also after it is finished; not in an earlier period."""
    if reason := judge_open(facts):
        return reason
    return None if facts.type is ActivityType.STILLING else PlanReason.NO_APPLICATION


def parse_application_status(code: str) -> ApplicationStatus | None:
    """The application status of a code, None for one that does not exist."""
    return ApplicationStatus(code) if code in set(ApplicationStatus) else None


def judge_agree(facts: ActivityFacts, side: Side) -> PlanReason | None:
    """Nav sets an open activity as agreed, once."""
    if reason := judge_open(facts):
        return reason
    if side is not Side.NAV:
        return PlanReason.NOT_YOURS_TO_AGREE
    if facts.type is ActivityType.SAMTALEREFERAT:
        return PlanReason.TYPE_READ_ONLY
    if facts.status.finished:
        return PlanReason.FINISHED
    return PlanReason.ALREADY_AGREED if facts.agreed else None


def judge_undo(
    *, last_kind: ChangeKind, by_same: bool, moved_at: datetime, now: datetime, facts: ActivityFacts
) -> PlanReason | None:
    """The last act of a card, when it was a move by the same person within 15 minutes (also a finish)."""
    if reason := judge_open(facts):
        return reason
    fresh = timedelta(0) <= now - moved_at <= UNDO_WITHIN
    return None if last_kind is ChangeKind.STATUS and by_same and fresh else PlanReason.NOTHING_TO_UNDO


def judge_goal(text: str, *, period_open: bool) -> PlanReason | None:
    """A goal of 1 to 500 characters, written by either party."""
    if not period_open:
        return PlanReason.NO_PERIOD
    if not text.strip():
        return PlanReason.GOAL_EMPTY
    return PlanReason.GOAL_TOO_LONG if len(text.strip()) > MAX_GOAL else None


def judge_fields(spec: TypeSpec, values: dict[str, object]) -> list[FieldFault]:
    """Everything wrong with the fields of an activity: required, length, number, choice, dates, link.

    `values` holds text (trimmed), dates and whole numbers; a field left out counts as blank.
    """
    faults = [fault for field in spec.fields if (fault := _judge_field(field, values.get(field.name)))]
    start, end = values.get("from_date"), values.get("to_date")
    if isinstance(start, date) and isinstance(end, date) and end < start:
        faults.append(
            FieldFault("to_date", PlanReason.END_BEFORE_START, {"label": spec.field("to_date").label})
        )
    return faults


def _judge_field(field: FieldSpec, value: object) -> FieldFault | None:
    def fault(reason: PlanReason, **values: object) -> FieldFault:
        return FieldFault(field.name, reason, {"label": field.label, **values})

    if value is None or value == "":
        return fault(PlanReason.FIELD_REQUIRED) if field.required else None
    if field.kind is FieldKind.DATE:
        if not isinstance(value, date):
            return fault(PlanReason.FIELD_DATE)
        return None if EARLIEST <= value <= LATEST else fault(PlanReason.FIELD_DATE_RANGE)
    if field.kind is FieldKind.NUMBER:
        inside = isinstance(value, int) and field.minimum <= value <= field.maximum
        return (
            None if inside else fault(PlanReason.FIELD_NUMBER, minimum=field.minimum, maximum=field.maximum)
        )
    text = str(value)
    if field.kind is FieldKind.CHOICE:
        return None if field.choices and text in set(field.choices) else fault(PlanReason.FIELD_CHOICE)
    if len(text) > field.max_length:
        return fault(PlanReason.FIELD_TOO_LONG, max=field.max_length, length=len(text))
    if field.kind is FieldKind.LINK and not is_safe_link(normal_link(text)):
        return fault(PlanReason.UNSAFE_LINK)
    return None


def ends(activity_type: ActivityType, status: Status, application: ApplicationStatus | None) -> bool:
    """Whether the end date of an activity still asks something of anybody.

    It does while the activity is open; the deadline of a job no longer does once the application is sent.
    """
    sent = application is not None and application is not ApplicationStatus.NOT_STARTED
    return not status.finished and not (activity_type is ActivityType.STILLING and sent)


def expired(
    activity_type: ActivityType,
    status: Status,
    application: ApplicationStatus | None,
    to_date: date | None,
    today: date,
) -> bool:
    """An open activity whose end date has passed (utløpt)."""
    return to_date is not None and to_date < today and ends(activity_type, status, application)
