"""Whether a case agrees with itself and with the rules of the plan: order of time, reasons, locking."""

from datetime import date, datetime, time

from dap.core.clock import OSLO
from dap.core.enums import Side
from dap.record.case_parts import ActivityPart, Case, Moment, ThreadPart
from dap.record.case_reader import Faults

TOO_EARLY = "ligger før oppfølgingsperioden starter"
FUTURE = "ligger i fremtiden"


def check_case(case: Case, faults: Faults, now: datetime) -> None:
    """Add a fault for everything that could not have happened. `now` is aware."""
    local = now.astimezone(OSLO)
    present = Moment(local.date(), time(local.hour, local.minute))

    def happened(where: str, field: str, at: Moment) -> None:
        if at.date < case.period_start:
            faults.add(where, field, TOO_EARLY)
        if present.before(at):
            faults.add(where, field, FUTURE)

    _check_citizen(case, faults, local.date())
    for number, goal in enumerate(case.goals, 1):
        happened(f"mål {number}", "at", goal.at)
    for number, activity in enumerate(case.activities, 1):
        where = f"aktivitet {number}"
        happened(where, "at", activity.at)
        if activity.agreed_at:
            happened(where, "agreed_at", activity.agreed_at)
        for order, change in enumerate(activity.changes, 1):
            happened(f"{where}, endring {order}", "at", change.at)
        _check_activity(activity, where, faults)
    for number, thread in enumerate(case.threads, 1):
        for order, message in enumerate(thread.messages, 1):
            happened(f"tråd {number}, melding {order}", "at", message.at)
        _check_thread(thread, f"tråd {number}", faults)
    for number, minutes in enumerate(case.minutes, 1):
        happened(f"referat {number}", "date", Moment(minutes.date))
    _check_keys(case, faults)


def _check_citizen(case: Case, faults: Faults, today: date) -> None:
    citizen = case.citizen
    if citizen.birth_date and citizen.birth_date > today:
        faults.add("bruker", "birth_date", FUTURE)
    elif citizen.birth_year > today.year:
        faults.add("bruker", "birth_year", FUTURE)
    if case.period_start > today:
        faults.add("", "period_start", FUTURE)
    elif citizen.birth_year > case.period_start.year:
        faults.add("", "period_start", "ligger før brukeren er født")
    if citizen.benefit_from and not citizen.benefit:
        faults.add("bruker", "benefit_from", "krever at «benefit» er fylt ut")


def _check_activity(activity: ActivityPart, where: str, faults: Faults) -> None:
    """Order of time, locking of finished ones, and the reasons that the plan requires."""
    if activity.from_date and activity.to_date and activity.to_date < activity.from_date:
        faults.add(where, "to_date", "kan ikke være før fra-datoen")
    if activity.agreed_at and activity.agreed_at.before(activity.at):
        faults.add(where, "agreed_at", "ligger før aktiviteten ble laget")
    status, previous = activity.status, activity.at
    finished_at = activity.at if status.finished else None
    for order, change in enumerate(activity.changes, 1):
        place = f"{where}, endring {order}"
        if change.at.before(previous):
            faults.add(place, "at", "ligger før det som står foran")
        previous = change.at
        if change.to_date is not None:
            if finished_at:
                faults.add(place, "to_date", "aktiviteten er avsluttet og kan ikke endres")
            elif activity.from_date and change.to_date < activity.from_date:
                faults.add(place, "to_date", "kan ikke være før fra-datoen")
        if change.status is None:
            continue
        if finished_at:
            faults.add(place, "status", "aktiviteten er avsluttet og kan ikke flyttes")
            continue
        if change.status is status:
            faults.add(place, "status", "er den samme som før")
        status = change.status
        if status.finished:
            finished_at = change.at
            agreed = activity.agreed_at is not None and not change.at.before(activity.agreed_at)
            if agreed and not change.reason:
                faults.add(place, "reason", "mangler: aktiviteten er avtalt med Nav og krever en begrunnelse")
    if activity.agreed_at and finished_at and finished_at.before(activity.agreed_at):
        faults.add(where, "agreed_at", "ligger etter at aktiviteten ble avsluttet")


def _check_thread(thread: ThreadPart, where: str, faults: Faults) -> None:
    for order, (earlier, later) in enumerate(zip(thread.messages, thread.messages[1:], strict=False), 2):
        if later.at.before(earlier.at):
            faults.add(f"{where}, melding {order}", "at", "ligger før meldingen foran")
    if thread.messages:
        last = thread.messages[-1].sender
        if (last is Side.NAV and not thread.read_by_nav) or (
            last is Side.CITIZEN and not thread.read_by_citizen
        ):
            field = "read_by_nav" if last is Side.NAV else "read_by_citizen"
            faults.add(where, field, "den som skrev sist, har lest tråden")


def _check_keys(case: Case, faults: Faults) -> None:
    """Keys name one activity each, and an activity has at most one thread."""
    keys: set[str] = set()
    for number, activity in enumerate(case.activities, 1):
        if activity.key in keys:
            faults.add(f"aktivitet {number}", "key", f"«{activity.key}» er brukt før i saken")
        keys.add(activity.key)
    linked: set[str] = set()
    for number, thread in enumerate(case.threads, 1):
        if thread.activity is None:
            continue
        if thread.activity not in keys:
            faults.add(f"tråd {number}", "activity", f"ingen aktivitet har nøkkelen «{thread.activity}»")
        elif thread.activity in linked:
            faults.add(f"tråd {number}", "activity", "aktiviteten har allerede en tråd")
        linked.add(thread.activity)
