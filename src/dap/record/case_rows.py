"""From a validated case to rows: people, plan and dialogue as if everything had been done at its time.

Used by `./dap import-case` and by the demo. Waits and read marks come from the dialogue's own rules, so
that what is brought in obeys the same invariants as what is written in the browser (`./dap check`).
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import models

from dap.access.sessions import citizen_actor, staff_actor
from dap.core import names, person_numbers
from dap.core.clock import start_of_day
from dap.core.enums import Side
from dap.dialogue import rules as dialogue_rules
from dap.dialogue.enums import EventKind
from dap.dialogue.models import Message, Thread, ThreadEvent
from dap.dialogue.rules import Waits
from dap.people.enums import Registration
from dap.people.models import (
    Assignment,
    BenefitHistory,
    Counsellor,
    FollowUpPeriod,
    LevelHistory,
    Office,
    OfficeHistory,
    Person,
    PersonNumber,
    RegistrationHistory,
)
from dap.plan.activity_types import COMMON
from dap.plan.enums import ActivityType, ChangeKind, Status
from dap.plan.models import Activity, ActivityChange, ActivitySeen, Goal
from dap.record.case_parts import (
    ActivityPart,
    Case,
    MinutesPart,
    Moment,
    StatusChangePart,
    ThreadPart,
    moments_in_order,
)


@dataclass
class Rows:
    """Rows of any number of cases, to be stored together. `now` bounds moments without a clock time."""

    now: datetime
    taken_numbers: set[str] = field(default_factory=set)
    lists: dict[type[models.Model], list[Any]] = field(default_factory=dict)

    def add(self, row: models.Model) -> None:
        """Remember a row; rows are stored in the order in which their tables were first met."""
        self.lists.setdefault(type(row), []).append(row)

    def store(self) -> None:
        """Insert everything in the running transaction."""
        for model, rows in self.lists.items():
            model._default_manager.bulk_create(rows, batch_size=2000)

    def add_case(
        self, case: Case, *, office: Office, counsellor: Counsellor | None, id: UUID | None = None
    ) -> Person:
        """Add all rows of one case. `counsellor` is the one who follows up, and writes for Nav."""
        person = self._person(case, office, counsellor, id or uuid4())
        period = FollowUpPeriod(id=uuid4(), person=person, started_at=start_of_day(case.period_start))
        self.add(period)
        one = _OneCase(self, person, period, counsellor)
        for at, goal in zip(self.moments([g.at for g in case.goals]), case.goals, strict=True):
            self.add(Goal(person=person, period=period, text=goal.text, at=at, **one.by(goal.by)))
        activities = {part.key: one.activity(part) for part in case.activities}
        for minutes in case.minutes:
            one.minutes(minutes)
        for thread in case.threads:
            one.thread(thread, activities.get(thread.activity or ""))
        person.last_seen_at = one.last_act
        return person

    def moments(self, moments: list[Any]) -> list[datetime]:
        """Aware moments in order, none in the future."""
        return moments_in_order(moments, self.now) if moments else []

    def _person(self, case: Case, office: Office, counsellor: Counsellor | None, id: UUID) -> Person:
        part = case.citizen
        born, number = self._number(part.birth_date, part.birth_year, part.sex)
        person = Person(
            id=id,
            first_name=part.first_name,
            last_name=part.last_name,
            name_key=names.sort_key(part.last_name, part.first_name),
            birth_date=born,
            sex=part.sex,
            language=part.language,
            interpreter=part.interpreter or "",
            office=office,
            level=part.level,
            benefit=part.benefit or "",
        )
        start = case.period_start
        self.add(person)
        self.add(PersonNumber(person=person, number=number))
        self.add(OfficeHistory(person=person, office=office, from_date=start))
        self.add(LevelHistory(person=person, level=part.level, from_date=start))
        registration = Registration.JOBSEEKER if part.benefit != "AAP" else Registration.FOLLOWED_UP
        self.add(RegistrationHistory(person=person, registration=registration, from_date=start))
        if part.benefit:
            self.add(
                BenefitHistory(person=person, benefit=part.benefit, from_date=part.benefit_from or start)
            )
        if counsellor:
            self.add(Assignment(person=person, counsellor=counsellor, from_at=start_of_day(start)))
        return person

    def _number(self, birth_date: date | None, year: int, sex: str) -> tuple[date, str]:
        """A free synthetic number (odd ninth digit for men), on a day of the year where none is given."""
        day = birth_date or date(year, 1, 1)
        while True:
            for number in person_numbers.synthetic_numbers(day):
                if number not in self.taken_numbers and (int(number[8]) % 2 == 1) == (sex == "M"):
                    self.taken_numbers.add(number)
                    return day, number
            day += timedelta(days=1)


@dataclass(frozen=True)
class _Step:
    """One entry of an activity's history: when, by whom, and the change; without one it is the agreement."""

    at: Moment
    by: Side
    change: StatusChangePart | None = None


def _apply(activity: Activity, step: _Step, at: datetime) -> tuple[ChangeKind, dict[str, Any]]:
    """Let the activity become what the step made it; give what the history says."""
    change = step.change
    if change is None:
        activity.agreed_at = at
        return ChangeKind.AGREED, {"agreed": [False, True]}
    if change.status is not None:
        what: dict[str, Any] = {"status": [str(activity.status), str(change.status)]}
        activity.status = change.status
        if change.reason:
            what["reason"] = [activity.reason, change.reason]
            activity.reason = change.reason
        return ChangeKind.STATUS, what
    if change.application_status is not None:
        what = {"application_status": [str(activity.application_status), str(change.application_status)]}
        activity.application_status = change.application_status
        return ChangeKind.APPLICATION, what
    before, after = activity.to_date, change.to_date
    activity.to_date = after
    kind = ChangeKind.AGREED_DATE if activity.agreed else ChangeKind.DETAILS
    return kind, {"to_date": [before and before.isoformat(), after and after.isoformat()]}


@dataclass
class _OneCase:
    rows: Rows
    person: Person
    period: FollowUpPeriod
    counsellor: Counsellor | None
    last_act: datetime | None = None
    """When the citizen last did or read anything: then they were here."""

    def by(self, side: Side) -> dict[str, Any]:
        return {"by_side": side, "by_counsellor": self.counsellor if side is Side.NAV else None}

    def activity(self, part: ActivityPart) -> Activity:
        """An activity with its history, told step by step in order of time."""
        agreement = [_Step(part.agreed_at, Side.NAV)] if part.agreed_at else []
        later = [*agreement, *(_Step(change.at, change.by, change) for change in part.changes)]
        # Those of one day without a clock time keep the file's order.
        steps = [_Step(part.at, part.by), *sorted(later, key=lambda step: step.at.as_datetime())]
        moments = self.rows.moments([step.at for step in steps])
        activity = Activity(
            id=uuid4(),
            person=self.person,
            period=self.period,
            type=part.type,
            status=part.status,
            version=len(steps),
            title=part.title,
            from_date=part.from_date,
            to_date=part.to_date,
            description=part.description,
            link=part.link,
            details={k: v for k, v in part.details.items() if k not in COMMON and v not in ("", None)},
            application_status=part.application_status or "",
            created_at=moments[0],
            changed_at=moments[-1],
            **self.by(part.by),
        )
        told = [(ChangeKind.CREATED, {"status": [None, str(part.status)]})]
        told += [_apply(activity, step, at) for step, at in zip(steps[1:], moments[1:], strict=True)]
        last_by = self.by(steps[-1].by)
        activity.changed_by_side = last_by["by_side"]
        activity.changed_by_counsellor = last_by["by_counsellor"]
        self.rows.add(activity)
        for version, (step, at, (kind, what)) in enumerate(zip(steps, moments, told, strict=True), start=1):
            self._was_here(step.by, at)
            self.rows.add(
                ActivityChange(
                    activity=activity, version=version, at=at, kind=kind, changes=what, **self.by(step.by)
                )
            )
        self._mark_seen(activity)
        return activity

    def _was_here(self, side: Side, at: datetime) -> None:
        if side is Side.CITIZEN:
            self.last_act = max(self.last_act or at, at)

    def _mark_seen(self, activity: Activity) -> None:
        """Changes older than a week have been seen by the other party too."""
        if activity.changed_at > self.rows.now - timedelta(days=7):
            return
        viewers = [citizen_actor(self.person)]
        if self.counsellor:
            viewers.append(staff_actor(self.counsellor, frozenset()))
        for viewer in viewers:
            self.rows.add(ActivitySeen(viewer_key=viewer.key, activity=activity, version=activity.version))

    def minutes(self, part: MinutesPart) -> None:
        at = min(start_of_day(part.date) + timedelta(hours=12), self.rows.now)
        activity = Activity(
            id=uuid4(),
            person=self.person,
            period=self.period,
            type=ActivityType.SAMTALEREFERAT,
            status=Status.COMPLETED,
            title=part.purpose[:100],
            from_date=part.date,
            description=part.text if len(part.purpose) <= 100 else f"{part.purpose}\n\n{part.text}",
            created_at=at,
            changed_at=at,
            changed_by_side=Side.NAV,
            changed_by_counsellor=self.counsellor,
            **self.by(Side.NAV),
        )
        self.rows.add(activity)
        what = {"status": [None, str(Status.COMPLETED)]}
        self.rows.add(
            ActivityChange(
                activity=activity,
                version=1,
                at=at,
                kind=ChangeKind.CREATED,
                changes=what,
                **self.by(Side.NAV),
            )
        )
        self._mark_seen(activity)

    def thread(self, part: ThreadPart, activity: Activity | None) -> None:
        moments = self.rows.moments([message.at for message in part.messages])
        thread = Thread(
            id=uuid4(),
            person=self.person,
            period=self.period,
            activity=activity,
            title=part.title,
            created_at=moments[0],
            last_message_at=moments[-1],
            message_count=len(moments),
            **self.by(part.messages[0].sender),
        )
        self.rows.add(thread)
        waits = Waits()
        for number, (at, message) in enumerate(zip(moments, part.messages, strict=True), start=1):
            waits, events = dialogue_rules.after_message(waits, message.sender, at, opening=number == 1)
            self.rows.add(
                Message(
                    id=uuid4(),
                    thread=thread,
                    number=number,
                    sent_at=at,
                    text=message.text,
                    **self.by(message.sender),
                )
            )
            if message.sender is Side.CITIZEN:
                self._read(thread, Side.CITIZEN, number - 1, at)
                thread.citizen_read_no = number
            else:
                self._read(thread, Side.NAV, number - 1, at)
                thread.nav_read_no = number
            for kind in events:
                self._event(thread, kind, number, at, message.sender)
        last = moments[-1]
        # What the file says of the waits is told as a counsellor's mark by hand, with its events.
        marked, marks = dialogue_rules.after_mark(
            waits, last, nav=part.waits_on_nav, citizen=part.waits_on_citizen
        )
        waits = replace(marked, nav_unread_since=waits.nav_unread_since)  # a mark reads; a file says who has
        for kind in marks:
            self._event(thread, kind, len(moments), last, Side.NAV)
        if part.read_by_nav:
            self._read(thread, Side.NAV, len(moments), min(last + timedelta(hours=3), self.rows.now))
            waits = replace(waits, nav_unread_since=None)
        if part.read_by_citizen:
            self._read(thread, Side.CITIZEN, len(moments), min(last + timedelta(hours=5), self.rows.now))
            waits = replace(waits, citizen_unread_since=None)
        thread.waits_on_nav_since, thread.waits_on_citizen_since = waits.nav_since, waits.citizen_since
        thread.nav_unread_since, thread.citizen_unread_since = (
            waits.nav_unread_since,
            waits.citizen_unread_since,
        )

    def _read(self, thread: Thread, side: Side, up_to: int, at: datetime) -> None:
        read_no = thread.citizen_read_no if side is Side.CITIZEN else thread.nav_read_no
        if up_to <= read_no:
            return
        if side is Side.CITIZEN:
            thread.citizen_read_no = up_to
        else:
            thread.nav_read_no = up_to
        kind = EventKind.READ_BY_CITIZEN if side is Side.CITIZEN else EventKind.READ_BY_NAV
        self._event(thread, kind, up_to, at, side)

    def _event(self, thread: Thread, kind: EventKind, number: int, at: datetime, side: Side) -> None:
        self._was_here(side, at)
        self.rows.add(ThreadEvent(thread=thread, at=at, kind=kind, message_no=number, **self.by(side)))
