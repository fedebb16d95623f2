"""From a validated case to rows: people, plan and dialogue as if everything had been done at its time.

Used by `./dap import-case` and by the demo. Waits and read marks come from the dialogue's own rules, so
that what is brought in obeys the same invariants as what is written in the browser (`./dap check`).
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import models

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
from dap.record.case_parts import ActivityPart, Case, MinutesPart, ThreadPart, moments_in_order


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


@dataclass
class _OneCase:
    rows: Rows
    person: Person
    period: FollowUpPeriod
    counsellor: Counsellor | None

    def by(self, side: Side) -> dict[str, Any]:
        return {"by_side": side, "by_counsellor": self.counsellor if side is Side.NAV else None}

    def activity(self, part: ActivityPart) -> Activity:
        agreed = [part.agreed_at] if part.agreed_at else []
        steps: list[tuple[Any, ChangeKind, dict[str, Any], Side]] = [
            (part.at, ChangeKind.CREATED, {"status": [None, str(part.status)]}, part.by),
            *((moment, ChangeKind.AGREED, {"agreed": [False, True]}, Side.NAV) for moment in agreed),
        ]
        status, application, to_date, reason = part.status, part.application_status, part.to_date, ""
        for change in part.changes:
            if change.status is not None:
                what: dict[str, Any] = {"status": [str(status), str(change.status)]}
                if change.reason:
                    what["reason"] = ["", change.reason]
                status, reason = change.status, change.reason
                steps.append((change.at, ChangeKind.STATUS, what, change.by))
            elif change.application_status is not None:
                what = {"application_status": [str(application or ""), str(change.application_status)]}
                application = change.application_status
                steps.append((change.at, ChangeKind.APPLICATION, what, change.by))
            else:
                what = {
                    "to_date": [
                        to_date and to_date.isoformat(),
                        change.to_date and change.to_date.isoformat(),
                    ]
                }
                kind = ChangeKind.AGREED_DATE if part.agreed_at else ChangeKind.DETAILS
                to_date = change.to_date
                steps.append((change.at, kind, what, change.by))
        # In order of time; those of one day without a clock time keep the file's order.
        steps[1:] = sorted(steps[1:], key=lambda step: step[0].as_datetime())
        moments = self.rows.moments([step[0] for step in steps])
        last_by = self.by(steps[-1][3])
        agreed_at = next((m for m, s in zip(moments, steps, strict=True) if s[1] is ChangeKind.AGREED), None)
        activity = Activity(
            id=uuid4(),
            person=self.person,
            period=self.period,
            type=part.type,
            status=status,
            version=len(steps),
            title=part.title,
            from_date=part.from_date,
            to_date=to_date,
            description=part.description,
            link=part.link,
            details={k: v for k, v in part.details.items() if k not in COMMON and v not in ("", None)},
            application_status=application or "",
            agreed_at=agreed_at,
            reason=reason if status.finished else "",
            created_at=moments[0],
            changed_at=moments[-1],
            changed_by_side=last_by["by_side"],
            changed_by_counsellor=last_by["by_counsellor"],
            **self.by(part.by),
        )
        self.rows.add(activity)
        for version, (at, (_, kind, what, side)) in enumerate(zip(moments, steps, strict=True), start=1):
            self.rows.add(
                ActivityChange(
                    activity=activity, version=version, at=at, kind=kind, changes=what, **self.by(side)
                )
            )
        self._mark_seen(activity)
        return activity

    def _mark_seen(self, activity: Activity) -> None:
        """Changes older than a week have been seen by the other party too."""
        if activity.changed_at > self.rows.now - timedelta(days=7):
            return
        viewers = [f"BRUKER:{self.person.id}"]
        if self.counsellor:
            viewers.append(f"VEILEDER:{self.counsellor.id}")
        for viewer in viewers:
            self.rows.add(ActivitySeen(viewer_key=viewer, activity=activity, version=activity.version))

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
        waits = replace(
            waits,
            nav_since=(waits.nav_since or last) if part.waits_on_nav else None,
            citizen_since=(waits.citizen_since or last) if part.waits_on_citizen else None,
        )
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
        self.rows.add(ThreadEvent(thread=thread, at=at, kind=kind, message_no=number, **self.by(side)))
