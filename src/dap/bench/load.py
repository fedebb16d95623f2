"""`./dap bench load`: the mixed load rises until it is too much, then far over that, then back.

The mix is in mix.py, what a visit does in visits.py, how visits arrive in arrivals.py.
"""

import argparse
import io
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count
from django.utils.crypto import get_random_string

from dap.access.enums import Role
from dap.bench import mix, watch
from dap.bench.arrivals import Done, Processes, Span
from dap.bench.figures import Figure, emit, percentile
from dap.bench.subjects import Subjects
from dap.bench.visits import Citizen, Staff
from dap.core.pg import Cluster
from dap.core.problem import Problem
from dap.dialogue.models import Thread
from dap.people.enums import StaffRole
from dap.people.models import Counsellor, PersonNumber
from dap.plan.enums import ActivityType, Status
from dap.plan.models import Activity
from dap.portfolio import check
from dap.portfolio.models import PortfolioRow

LIMIT_MS = 300.0
"""The 95th percentile of all requests beyond which it is too much."""
RISE = 0.25
MOST = 10.0
"""Times the busiest hour; where even this is borne, the climb ends."""
HALVINGS = 2
"""After the first load that was too much: so many tries between it and the last good one."""
SETTLE_SECONDS = 5.0
"""Of each step, not counted: until visits of all lengths are under way."""
OVERLOAD = 1.5
BACK_TO = 0.5
"""Times the load that was too much."""
CALM_SECONDS = 3
"""So many seconds in a row below the limit mean that it has come back."""

LEAST_PEOPLE = 500
COUNSELLORS = 120
PEOPLE_EACH = 25
"""3,000 citizens with a session: few enough to overlap, many enough that the database reads many plans."""


def run(port: int, web_pid: int, _cluster: Cluster | None, options: argparse.Namespace) -> list[Figure]:
    """Measure, print each figure as it is known, and return all. Raises Problem for too few people."""
    with Subjects(options.seed, least=LEAST_PEOPLE) as subjects:
        staff = crowd(subjects)
        with Processes(port, staff, options.seed) as visitors:
            visitors.wait_until_ready()
            groups = {"web": [web_pid], "database": watch.database_roots(), "client": visitors.pids}
            bench = Bench(visitors, watch.Watch(groups), float(options.seconds))
            bench.climb()
            bench.overload()
    bench.check()
    return bench.figures


@dataclass(frozen=True)
class Step:
    """What one load came to."""

    factor: float
    requests_per_second: float
    p95_ms: float
    errors: int

    @property
    def too_much(self) -> str:
        """Why it was too much; "" when it was borne."""
        if self.errors:
            return f"{self.errors} errors"
        return f"p95 {self.p95_ms:.0f} ms" if self.p95_ms > LIMIT_MS else ""


class Bench:
    """One run: the figures so far, and the highest load that was borne."""

    def __init__(self, visitors: Processes, observer: watch.Watch, seconds: float) -> None:
        self.visitors = visitors
        self.observer = observer
        self.seconds = seconds
        self.figures: list[Figure] = []
        self.good = Step(0.0, 0.0, 0.0, 0)
        self.bad: Step | None = None

    def climb(self) -> None:
        """Rise until it is too much, then halve the way between; capacity is the highest that was borne."""
        say(
            f"1.00x: {mix.visits_per_second():.1f} visits, {mix.requests_per_second():.0f} requests a second."
        )
        self._warm_up()
        while self.bad is None and self.good.factor < MOST:
            self._try(self.good.factor + RISE)
        for _ in range(HALVINGS if self.bad else 0):
            assert self.bad is not None
            self._try((self.good.factor + self.bad.factor) / 2)
        extra: dict[str, object] = {
            "times_busiest_hour": round(self.good.factor, 4),
            "requests_per_second": self.good.requests_per_second,
            "too_much_at": round(self.bad.factor, 4) if self.bad else None,
            "because": self.bad.too_much if self.bad else None,
        }
        errors = self.bad.errors if self.bad and self.bad.p95_ms <= LIMIT_MS else 0
        missed = (f"{errors} errors at {self.bad.factor:g}x",) if errors and self.bad else ()
        self._add(Figure("load capacity", p95_ms=self.good.p95_ms or None, extra=extra, missed=missed))

    def overload(self) -> None:
        """Far over what is too much, then back to half of it: what breaks, and how soon it comes back."""
        factor = self.bad.factor if self.bad else self.good.factor
        spans = [Span(factor * OVERLOAD, self.seconds), Span(factor * BACK_TO, 4 * self.seconds)]
        begin = self._begin(spans)
        turn = begin + self.seconds
        first = self.observer.read()
        most = self._count_connections(turn)
        over = self._usage(first, most)
        first = self.observer.read()
        most = self._count_connections(turn + 4 * self.seconds)
        back = self._usage(first, most)
        done = self.visitors.collect()
        self._add(
            _figure(
                f"overload {factor * OVERLOAD:g}x",
                [one for one in done if one.due < turn],
                begin,
                turn,
                over,
            )
        )
        later = [one for one in done if one.due >= turn]
        seconds = seconds_to_calm(later, turn)
        end = turn + 4 * self.seconds
        figure = _figure(f"back to {factor * BACK_TO:g}x", later, turn, end, back, seconds=seconds)
        self._add(figure)
        if seconds is None:
            say(f"It did not come back within {4 * self.seconds:.0f} s.")

    def check(self) -> None:
        """Recompute what is stored twice: after all those acts at once there must be no difference."""
        say("Checking the database (./dap check) …")
        out = io.StringIO()
        began = time.monotonic()
        clean = check.run(out) == 0
        said = out.getvalue().strip()
        if not clean:
            say(said)
        missed = () if clean else (said.splitlines()[-1],)
        extra = {"clean": clean, "said": said.splitlines()[-1]}
        self._add(
            Figure("check after load", seconds=round(time.monotonic() - began, 1), extra=extra, missed=missed)
        )

    def _warm_up(self) -> None:
        self._begin([Span(RISE, SETTLE_SECONDS)])
        self.visitors.collect()

    def _try(self, factor: float) -> None:
        begin = self._begin([Span(factor, SETTLE_SECONDS + self.seconds)])
        measured, end = begin + SETTLE_SECONDS, begin + SETTLE_SECONDS + self.seconds
        time.sleep(max(0.0, measured - time.monotonic()))
        first = self.observer.read()
        usage = self._usage(first, self._count_connections(end))
        done = [one for one in self.visitors.collect() if one.due >= measured]
        figure = _figure(f"load {factor:g}x", done, measured, end, usage)
        self._add(figure)
        errors = sum(1 for one in done if one.fault)
        if errors == len(done):
            raise Problem(f"Every request failed, at {factor:g}x: {done[0].fault}")
        step = Step(factor, round(len(done) / self.seconds, 1), figure.p95_ms or 0.0, errors)
        if step.too_much:
            self.bad = step
        else:
            self.good = step

    def _begin(self, spans: Sequence[Span]) -> float:
        begin = time.monotonic() + 0.2
        self.visitors.begin(begin, spans)
        return begin

    def _count_connections(self, until: float) -> int:
        """The most connections at once, looked at once a second until then (monotonic seconds)."""
        most = watch.connections()
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(1.0, left))
            most = max(most, watch.connections())
        return most

    def _usage(self, first: watch.Reading, connections: int) -> dict[str, object]:
        cores = self.observer.cores(first, self.observer.read())
        memory = self.observer.memory_mib()
        return {
            **{f"{name}_cores": used for name, used in cores.items()},
            **{f"{name}_mib": size for name, size in memory.items()},
            "connections": connections,
        }

    def _add(self, figure: Figure) -> None:
        self.figures.append(figure)
        emit(figure)
        said = ", ".join(f"{name} {value}" for name, value in figure.as_line().items() if name != "name")
        say(f"{figure.name}: {said}")


def crowd(subjects: Subjects) -> list[Staff]:
    """Counsellors with some of their people, all logged in. Raises Problem when there are too few."""
    rng = subjects.rng("load")
    followed = (
        PortfolioRow.objects.filter(period_open=True, counsellor__isnull=False)
        .values_list("counsellor_id")
        .annotate(people=Count("person_id"))
        .order_by("counsellor_id")
    )
    counsellors = [counsellor for counsellor, _ in followed]
    chosen = rng.sample(counsellors, min(COUNSELLORS, len(counsellors)))
    rows = (
        PortfolioRow.objects.filter(counsellor_id__in=chosen, period_open=True)
        .order_by("person_id")
        .values_list("counsellor_id", "person_id", "person__first_name", "person__last_name")
    )
    theirs: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for counsellor, person, first, last in rows:
        theirs[counsellor].append((person, f"{first.split()[0]} {last}"))
    theirs = {one: rng.sample(theirs[one], min(PEOPLE_EACH, len(theirs[one]))) for one in chosen}
    people = [person for followed_up in theirs.values() for person, _ in followed_up]
    citizens = _citizens(subjects, people)
    if not any(one.threads for one in citizens.values()) or not any(one.cards for one in citizens.values()):
        raise Problem("The people in the database have no threads or no cards to move: seed it (./dap seed).")
    roles = dict(Counsellor.objects.filter(id__in=chosen).values_list("id", "role"))
    cookies = _cookies(
        subjects,
        [(Role.LEADER if roles[one] == StaffRole.LEADER else Role.COUNSELLOR, one) for one in chosen],
    )
    numbers = dict(PersonNumber.objects.filter(person_id__in=people).values_list("person_id", "number"))
    return [
        Staff(
            cookies=own,
            people=[citizens[person] for person, _ in theirs[one]],
            names=[name for _, name in theirs[one]],
            numbers=[numbers[person] for person, _ in theirs[one]],
        )
        for one, own in zip(chosen, cookies, strict=True)
    ]


def _citizens(subjects: Subjects, people: list[UUID]) -> dict[UUID, Citizen]:
    """These people with what they can write in and move, logged in."""
    threads = Thread.objects.filter(
        person_id__in=people, historic_at__isnull=True, period__ended_at__isnull=True
    )
    cards = Activity.objects.filter(
        person_id__in=people,
        historic_at__isnull=True,
        period__ended_at__isnull=True,
        status__in=[Status.PLANNED, Status.IN_PROGRESS],
    ).exclude(type=ActivityType.SAMTALEREFERAT)
    found: dict[str, dict[UUID, list[str]]] = {}
    for name, rows in (("threads", threads), ("cards", cards)):
        found[name] = defaultdict(list)
        for person, one in rows.order_by("id").values_list("person_id", "id"):
            found[name][person].append(str(one))
    cookies = _cookies(subjects, [(Role.CITIZEN, person) for person in people])
    return {
        person: Citizen(str(person), own, found["threads"][person], found["cards"][person])
        for person, own in zip(people, cookies, strict=True)
    }


def _cookies(subjects: Subjects, who: list[tuple[Role, UUID]]) -> list[dict[str, str]]:
    """A browser's cookies for each: its session, and the CSRF secret that it got with an earlier page."""
    made = []
    for cookie in subjects.session_cookies(who):
        name, _, value = cookie.partition("=")
        made.append({name: value, str(settings.CSRF_COOKIE_NAME): get_random_string(32)})
    return made


def seconds_to_calm(done: Sequence[Done], begin: float) -> float | None:
    """Seconds from `begin` until the p95 of each second's requests stays below the limit; None if never.

    Requests belong to the second in which they were due. Staying means CALM_SECONDS in a row.
    """
    by_second: dict[int, list[float]] = defaultdict(list)
    for one in done:
        by_second[int(one.due - begin)].append(one.latency * 1000)
    calm = 0
    for second in range(max(by_second, default=-1) + 1):
        quiet = second in by_second and percentile(by_second[second], 95) <= LIMIT_MS
        calm = calm + 1 if quiet else 0
        if calm == CALM_SECONDS:
            return float(second + 1 - CALM_SECONDS)
    return None


def _figure(
    name: str, done: Sequence[Done], begin: float, end: float, usage: dict[str, object], **more: Any
) -> Figure:
    """The requests that were due between two moments, as one figure."""
    if not done:
        raise Problem(f"{name}: no request at all; measure for longer (--seconds).")
    latencies = [one.latency * 1000 for one in done]
    faults = Counter(one.fault for one in done if one.fault)
    by_label: dict[str, list[float]] = defaultdict(list)
    for one in done:
        by_label[one.label].append(one.latency * 1000)
    slowest = sorted(((percentile(v, 95), label) for label, v in by_label.items()), reverse=True)[:3]
    answered = sum(begin <= one.ended < end for one in done) / (end - begin)
    busy = {name: usage.get(f"{name}_cores") for name in ("web", "database")}
    extra = {
        "asked_per_second": round(len(done) / (end - begin), 1),
        "answered_per_second": round(answered, 1),
        "processor_ms_per_request": {
            name: round(cores * 1000 / answered, 1)
            for name, cores in busy.items()
            if isinstance(cores, float) and answered
        },
        "p99_ms": round(percentile(latencies, 99), 1),
        "errors": dict(faults),
        **usage,
        "slowest_p95_ms": {label: round(p95, 1) for p95, label in slowest},
    }
    return Figure(
        name,
        median_ms=round(percentile(latencies, 50), 1),
        p95_ms=round(percentile(latencies, 95), 1),
        items=len(done),
        extra=extra,
        **more,
    )


def say(text: str) -> None:
    """Progress, beside the JSON lines."""
    print(text, file=sys.stderr, flush=True)
