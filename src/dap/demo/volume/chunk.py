"""The rows of one chunk of people, as PostgreSQL's COPY reads them. Pure: the same spec, the same bytes."""

import gc
import random
from collections.abc import Iterator
from contextlib import contextmanager

from dap.core.enums import Side
from dap.demo.volume import figures
from dap.demo.volume.days import DAY, calendar
from dap.demo.volume.draws import Shares, uuids
from dap.demo.volume.kinds import kinds, thread_weight, type_group
from dap.demo.volume.numbers import Numbers
from dap.demo.volume.offices import country
from dap.demo.volume.people import Drawn, People
from dap.demo.volume.people import Span as Dated
from dap.demo.volume.spec import CHUNK, Spec, chunks
from dap.demo.volume.stamp import Span, Stamper
from dap.demo.volume.tables import TABLES
from dap.demo.volume.texts import texts

__all__ = ["TABLES", "chunk_rows"]

_IDS = 1_000_000
"""Ids of child tables that each chunk may use."""
_NULL = "\\N"
_CITIZEN = f"{Side.CITIZEN.value}\t{_NULL}"
_EARLIER_PART = 0.35
"""Share of a person's activities and threads that lies in an earlier period. Chosen."""


def chunk_rows(spec: Spec, number: int) -> dict[str, bytes]:
    """COPY text of chunk `number` (from 0) by table: all tables but those of `offices.office_rows`.

    Raises IndexError for a chunk that the spec does not have.
    """
    if not 0 <= number < chunks(spec):
        raise IndexError(f"chunk {number} of {chunks(spec)}")
    chunk = _Chunk(spec, number)
    with _uncollected():
        for person in range(number * CHUNK, min((number + 1) * CHUNK, spec.people)):
            chunk.add(person)
        return chunk.text()


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for cycles meanwhile: rows make none, and it costs an eighth of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class _Chunk:
    """Collects the rows of one chunk."""

    def __init__(self, spec: Spec, number: int) -> None:
        rng = random.Random(f"{spec.seed} {number}")  # noqa: S311 - invented people, not secrets
        self.rng = rng
        self.calendar = calendar(spec.day)
        self.ids = uuids(random.Random(f"{spec.seed} {number} ids"))  # noqa: S311
        self.people = People(spec, rng, self.calendar, country(spec), Numbers(number, chunks(spec)))
        self.texts = texts(spec.seed, spec.day)
        self.kinds = kinds()
        self.goals_each = Shares(figures.GOALS)
        self.first_id = number * _IDS + 1
        self.stamper = Stamper(self.calendar, rng, self.ids, self.first_id)
        self.rows: dict[str, list[str]] = {
            "people_person": [],
            "people_personnumber": [],
            "people_followupperiod": [],
            "people_assignment": [],
            "people_officehistory": [],
            "people_levelhistory": [],
            "people_benefithistory": [],
            "people_registrationhistory": [],
            "plan_goal": [],
            "plan_activity": self.stamper.activities,
            "plan_activitychange": self.stamper.changes,
            "plan_activityseen": self.stamper.seen,
            "dialogue_thread": self.stamper.threads,
            "dialogue_message": self.stamper.messages,
            "dialogue_threadevent": self.stamper.events,
        }

    def text(self) -> dict[str, bytes]:
        """All rows, encoded."""
        return {table: "".join(rows).encode() for table, rows in self.rows.items()}

    def add(self, number: int) -> None:
        """Person `number` with everything."""
        person, person_id = self.people.draw(number), next(self.ids)
        self._history(person_id, person)
        spans = self._spans(person_id, person)
        self._goals(spans[-1], self.goals_each.pick(self.rng.random()))
        self._activities(person, spans)
        self._threads(person, spans)
        last = max(span.last_here for span in spans)
        self.rows["people_person"].append(
            f"{person_id}\t{person.name.first_name}\t{person.name.last_name}\t{person.name.key}\t"
            f"{person.birth_date}\t{person.sex}\t{person.language}\t{person.interpreter}\t{person.office.id}\t"
            f"{person.level.value}\t{person.benefit}\t{_NULL if last < 0 else self.calendar.at(last)}\n"
        )

    def _history(self, person_id: str, person: Drawn) -> None:
        self.rows["people_personnumber"].append(f"{person_id}\t{person.number}\n")
        self._dated("people_officehistory", person_id, person.offices)
        self._dated("people_levelhistory", person_id, person.levels)
        self._dated("people_benefithistory", person_id, person.benefits)
        self._dated("people_registrationhistory", person_id, person.registrations)
        assignments = self.rows["people_assignment"]
        for span in person.counsellors:
            ended = _NULL if span.end is None else self.calendar.at(span.end * DAY)
            assignments.append(
                f"{self.first_id + len(assignments)}\t{person_id}\t{span.value}\t"
                f"{self.calendar.at(span.start * DAY)}\t{ended}\n"
            )

    def _dated(self, table: str, person_id: str, spans: tuple[Dated, ...]) -> None:
        rows, dates = self.rows[table], self.calendar.dates
        for span in spans:
            to_date = _NULL if span.end is None else dates[span.end]
            rows.append(
                f"{self.first_id + len(rows)}\t{dates[span.start]}\t{to_date}\t{person_id}\t{span.value}\n"
            )

    def _spans(self, person_id: str, person: Drawn) -> list[Span]:
        """The person's periods, stored, for what is stamped in them."""
        counsellor, first_name = person.writer
        names = (person.name.first_name, first_name, person.office.name)
        spans = []
        for period in person.periods:
            period_id = next(self.ids)
            ended = _NULL if period.ended is None else self.calendar.at(period.ended)
            started = self.calendar.at(period.start * DAY)
            self.rows["people_followupperiod"].append(f"{period_id}\t{person_id}\t{started}\t{ended}\n")
            spans.append(
                Span(
                    person=person_id,
                    period=period_id,
                    first=period.start,
                    limit=self.calendar.end if period.ended is None else period.ended,
                    ended=ended,
                    nav=f"{Side.NAV.value}\t{counsellor}",
                    counsellor=counsellor,
                    names=names,
                    texts=self.texts[person.language],
                )
            )
        return spans

    def _goals(self, span: Span, count: int) -> None:
        """Goals in order of time: a later one has a later row, and so a higher id."""
        goals, pool, chance = self.rows["plan_goal"], span.texts.goals, self.rng.random
        days = span.limit // DAY - span.first
        for day in sorted(span.first + int(chance() ** 3 * days) for _ in range(count)):
            at = self.calendar.at(day * DAY + 8 * 60 + len(goals) % 720)
            by = _CITIZEN if chance() < figures.GOAL_BY_CITIZEN else span.nav
            goals.append(
                f"{self.first_id + len(goals)}\t{span.person}\t{span.period}\t"
                f"{pool[int(chance() * len(pool))]}\t{at}\t{by}\n"
            )

    def _activities(self, person: Drawn, spans: list[Span]) -> None:
        chance = self.rng.random
        types = self.kinds.types[type_group(person.surge, person.level, person.benefit)]
        count = self.kinds.activities(self.rng, person.surge, person.level)
        for _ in range(figures.HEAVY_ACTIVITIES if person.heavy else count):
            self.stamper.activity(self._one(spans), types.pick(chance()))

    def _threads(self, person: Drawn, spans: list[Span]) -> None:
        if person.heavy:
            self.stamper.long_thread(spans[-1])
        days = self.calendar.today - spans[-1].first
        weight = thread_weight(person.level, person.age_group, days)
        group = "surge" if person.surge else "ordinary"
        for _ in range(self.kinds.threads(self.rng, person.surge, weight)):
            self.stamper.thread(self._one(spans), group)

    def _one(self, spans: list[Span]) -> Span:
        """The period that something lies in."""
        return spans[0] if len(spans) > 1 and self.rng.random() < _EARLIER_PART else spans[-1]
