"""Whom and what a benchmark looks at: chosen at random, the same again with the same seed."""

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle, islice
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Count, QuerySet

from dap.access import sessions
from dap.access.enums import Role
from dap.core import clock
from dap.core.problem import Problem
from dap.dialogue.models import Thread
from dap.people.enums import StaffRole
from dap.people.models import Counsellor, Office, Person, PersonNumber
from dap.plan.enums import ActivityType, Status
from dap.plan.models import Activity
from dap.portfolio.models import PortfolioRow

LEAST_PEOPLE = 2000
"""Fewer have too few full plans and long threads to draw from: `./dap seed` makes one of each for 400."""
FULL_PLAN = 60
LONG_THREAD = 40
FULL_LIST = 60
MIDDLE_OFFICE = 2000
COMMON_NAMES = 20


@dataclass(frozen=True)
class Plan:
    """A full plan: one of its cards that both parties may move, and the person's office."""

    person: UUID
    activity: UUID
    office: int


@dataclass(frozen=True)
class LiveThread:
    """A thread that can be written in, and the person's office."""

    person: UUID
    thread: UUID
    office: int


@dataclass(frozen=True)
class BigOffice:
    """An office, how many people belong to it, and somebody who works there and nowhere else."""

    id: int
    people: int
    role: Role
    staff: UUID


class Subjects:
    """Chooses from the database that Django is set up on. Use as a context manager: it ends its sessions.

    Raises Problem when there are fewer people than `least`.
    """

    def __init__(self, seed: int = 1, *, least: int = LEAST_PEOPLE) -> None:
        self.seed = seed
        self.people_in_all = Person.objects.count()
        if self.people_in_all < least:
            raise Problem(
                f"The database holds {self.people_in_all} people, too few to measure: "
                f"seed at least {least} (./dap seed --people {least})."
            )
        self._keys: list[str] = []
        self._staff: dict[int, list[tuple[Role, UUID]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the sessions that were made."""
        Session.objects.filter(session_key__in=self._keys).delete()
        self._keys = []

    def rng(self, what: str) -> random.Random:
        """Random numbers for one purpose, which no other purpose shifts."""
        return random.Random(f"{self.seed} {what}")  # noqa: S311 - a sample, not a secret

    def people(self, count: int) -> list[UUID]:
        """Random citizens who are followed up now; some more than once when there are few."""
        rows = PortfolioRow.objects.filter(period_open=True)
        return self._random_ids(rows, "person_id", count, "people who are followed up")

    def heavy_plans(self, count: int) -> list[Plan]:
        """Plans of at least 60 activities in the open period, with a card that can be moved."""
        people = self._enough(self._full_plans, count, f"plans of {FULL_PLAN} activities")
        movable = (
            Activity.objects.filter(
                person_id__in=set(people),
                period__ended_at__isnull=True,
                historic_at__isnull=True,
                agreed_at__isnull=True,
                status__in=[Status.PLANNED, Status.IN_PROGRESS],
            )
            .exclude(type=ActivityType.SAMTALEREFERAT)
            .order_by("person_id", "id")
            .values_list("person_id", "id", "person__office_id")
        )
        plans = {person: Plan(person, activity, office) for person, activity, office in movable}
        return [plans[person] for person in people if person in plans]

    def long_threads(self, count: int) -> list[LiveThread]:
        """Threads of at least 40 messages that can be written in."""
        return self._enough(self._long_threads, count, f"threads of {LONG_THREAD} messages")

    def live_threads(self, count: int) -> list[LiveThread]:
        """Random threads that can be written in."""
        live = Thread.objects.filter(historic_at__isnull=True, period__ended_at__isnull=True)
        ids = self._random_ids(live, "id", count, "live threads")
        found = Thread.objects.filter(id__in=ids).values_list("person_id", "id", "person__office_id")
        threads = {thread: LiveThread(person, thread, office) for person, thread, office in found}
        return [threads[one] for one in ids]

    def full_lists(self, count: int) -> tuple[list[UUID], int]:
        """Counsellors who follow up 60 people, or the nearest number below; and that number."""
        followed = (
            PortfolioRow.objects.filter(period_open=True, counsellor__isnull=False)
            .values("counsellor_id")
            .annotate(people=Count("person_id"))
            .filter(people__lte=FULL_LIST)
            .order_by("-people", "counsellor_id")
            .values_list("counsellor_id", "people")
        )
        found = list(followed)
        most = found[0][1] if found else 0
        fullest = [counsellor for counsellor, people in found if people == most]
        return self._enough(fullest, count, "counsellors who follow somebody up"), most

    def largest_office(self) -> BigOffice:
        """The office with the most people."""
        return self._office(self._offices[0])

    def middle_office(self) -> BigOffice:
        """The office whose size is nearest 2,000 people."""
        return self._office(min(self._offices, key=lambda one: abs(one[1] - MIDDLE_OFFICE)))

    def staff_of(self, office: int) -> tuple[Role, UUID]:
        """One who works in this office. Raises Problem when there is none."""
        return self.staff(office, 1)[0]

    def staff(self, office: int, count: int) -> list[tuple[Role, UUID]]:
        """Those who work in this office and nowhere else, one after the other, again and again up to `count`.

        Raises Problem when there is none.
        """
        if office not in self._staff:
            here = Counsellor.objects.filter(offices=office).values("id")
            found = (
                Counsellor.objects.filter(id__in=here)
                .annotate(places=Count("offices"))
                .filter(places=1)
                .order_by("id")
            )
            self._staff[office] = [
                (Role.LEADER if one.role == StaffRole.LEADER else Role.COUNSELLOR, one.id) for one in found
            ]
        if not self._staff[office]:
            raise Problem(
                "In one of the offices nobody works: measure a database that ./dap seed has filled."
            )
        return list(islice(cycle(self._staff[office]), count))

    def offices_of(self, people: Sequence[UUID]) -> dict[UUID, int]:
        """The office of each of these people."""
        return dict(Person.objects.filter(id__in=people).values_list("id", "office_id"))

    def names(self, office: int, count: int) -> list[str]:
        """What one types to find somebody in this office: first word of the name, and a common last name."""
        common = (
            Person.objects.filter(office_id=office)
            .values("last_name")
            .annotate(people=Count("id"))
            .order_by("-people", "last_name")
            .values_list("last_name", flat=True)[:COMMON_NAMES]
        )
        found = (
            Person.objects.filter(office_id=office, last_name__in=list(common))
            .order_by("id")
            .values_list("first_name", "last_name")
        )
        texts = [f"{first.split()[0].split('-')[0]} {last}" for first, last in found]
        return self._enough(texts, count, "names to search for")

    def numbers(self, office: int, count: int) -> list[str]:
        """Person numbers of people of this office."""
        found = PersonNumber.objects.filter(person__office_id=office).order_by("person_id")
        return self._enough(list(found.values_list("number", flat=True)), count, "person numbers")

    def session_cookie(self, role: Role, id: UUID) -> str:
        """Log somebody in, and give the cookie («okt=…») for `Browser`."""
        return self.session_cookies([(role, id)])[0]

    def session_cookies(self, who: Sequence[tuple[Role, UUID]]) -> list[str]:
        """Log people in, as in the middle of a working day: a session row each, without the login itself.

        `seen` is now, so that the refresh of the session (an update each 5 minutes) does not fall into
        the measurement.
        """
        now = clock.now()
        store = SessionStore()
        made = [
            Session(
                session_key="bench" + secrets.token_hex(13),
                session_data=store.encode(
                    {sessions.KEY: {"role": str(role), "id": str(one)}, "seen": now.isoformat()}
                ),
                expire_date=store.get_expiry_date(),
            )
            for role, one in who
        ]
        keys = [str(session.session_key) for session in made]
        self._keys += keys  # before they are: stopped in between, they are ended too
        Session.objects.bulk_create(made)
        return [f"{settings.SESSION_COOKIE_NAME}={key}" for key in keys]

    @cached_property
    def _full_plans(self) -> list[UUID]:
        found = (
            Activity.objects.filter(period__ended_at__isnull=True)
            .values("person_id")
            .annotate(cards=Count("id"))
            .filter(cards__gte=FULL_PLAN)
            .order_by("person_id")
        )
        return list(found.values_list("person_id", flat=True))

    @cached_property
    def _long_threads(self) -> list[LiveThread]:
        found = Thread.objects.filter(
            message_count__gte=LONG_THREAD, historic_at__isnull=True, period__ended_at__isnull=True
        ).order_by("id")
        return [LiveThread(*one) for one in found.values_list("person_id", "id", "person__office_id")]

    @cached_property
    def _offices(self) -> list[tuple[int, int]]:
        """The offices where somebody works, with how many people belong to each, the largest first."""
        staffed = Counsellor.objects.filter(offices__isnull=False).values("offices")
        found = Office.objects.filter(id__in=staffed).annotate(size=Count("people")).order_by("-size", "id")
        if not found:
            raise Problem("The database has no staffed office: measure one that ./dap seed has filled.")
        return list(found.values_list("id", "size"))

    def _office(self, found: tuple[int, int]) -> BigOffice:
        office, people = found
        role, staff = self.staff_of(office)
        return BigOffice(office, people, role, staff)

    def _random_ids(self, rows: QuerySet[Any], name: str, count: int, what: str) -> list[UUID]:
        """The first id after a random one, again and again: no statement grows with the country."""
        rng, found = self.rng(what), []
        for _ in range(count):
            start = UUID(int=rng.getrandbits(128))
            ids = rows.order_by(name).values_list(name, flat=True)
            one = ids.filter(**{f"{name}__gte": start}).first() or ids.first()
            if one is None:
                raise Problem(f"The database has no {what}: measure one that ./dap seed has filled.")
            found.append(one)
        return found

    def _enough(self, found: list[Any], count: int, what: str) -> list[Any]:
        if not found:
            raise Problem(
                f"The database has no {what}: measure one that ./dap seed has filled, "
                f"of at least {LEAST_PEOPLE} people."
            )
        rng = self.rng(what)
        return rng.sample(found, count) if len(found) >= count else rng.choices(found, k=count)
