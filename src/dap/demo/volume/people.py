"""One person of a volume: who they are, since when they are followed up, and what changed on the way."""

import random
from dataclasses import dataclass
from functools import lru_cache

from dap.demo.volume import figures
from dap.demo.volume.days import DAY, Calendar, working_day
from dap.demo.volume.draws import Shares
from dap.demo.volume.kinds import ages, days_ago, kinds, level_group
from dap.demo.volume.names import NATIVE, Name, NamePool
from dap.demo.volume.numbers import Numbers
from dap.demo.volume.offices import Country, Kind, OfficePlan, Place
from dap.demo.volume.spec import Spec
from dap.people.enums import Benefit, Level, Registration

_BEFORE = {
    "standard": (Level.NOT_ASSESSED, Level.SITUATIONAL, Level.STANDARD),
    "special": (Level.NEEDS_ASSESSMENT, Level.SICK_UNEMPLOYED, Level.SITUATIONAL),
    "permanent": (Level.SPECIAL,),
    "other": (Level.NOT_ASSESSED, Level.STANDARD),
}
_INTERPRETED = {
    "polsk": "polsk",
    "somalisk": "somali",
    "arabisk": "arabisk",
    "eritreisk": "tigrinja",
    "ukrainsk": "ukrainsk",
    "vietnamesisk": "vietnamesisk",
    "sorasiatisk": "dari",
}
_SHORTEST = 14
"""Days that a state lasts at least before it changes."""


@dataclass(slots=True)
class Span:
    """A value from one day up to, not including, another; None is the open end."""

    start: int
    end: int | None
    value: str


@dataclass(slots=True)
class Period:
    """A follow-up period by its days; `ended` is the minute of its end, None while it is open."""

    start: int
    ended: int | None


@dataclass(slots=True)
class Drawn:
    """A person. Periods stand oldest first; `counsellors` are spans of ids, `writer` acts for Nav."""

    surge: bool
    heavy: bool
    name: Name
    sex: str
    birth_date: str
    number: str
    age_group: int
    language: str
    interpreter: str
    level: Level
    benefit: str
    office: OfficePlan
    writer: tuple[str, str]
    periods: tuple[Period, ...]
    offices: tuple[Span, ...]
    levels: tuple[Span, ...]
    benefits: tuple[Span, ...]
    registrations: tuple[Span, ...]
    counsellors: tuple[Span, ...]


@dataclass(frozen=True)
class _Shares:
    """Shares made ready once."""

    languages: Shares[str]
    immigrants: Shares[str]
    natives: Shares[str]
    surge_levels: Shares[Level]
    ages: dict[Level | None, Shares[int]]
    benefits: dict[Level | None, Shares[str]]


@lru_cache(maxsize=1)
def _shares() -> _Shares:
    origins = NamePool().shares
    benefits: dict[Level | None, Shares[str]] = {}
    for level in (None, *Level):
        wanted = figures.BENEFITS_SURGE if level is None else figures.BENEFITS.get(level, {})
        had = {str(benefit): share for benefit, share in wanted.items()}
        benefits[level] = Shares({**had, "": 1 - sum(had.values())})
    return _Shares(
        Shares(figures.LANGUAGES),
        Shares({origin: share for origin, share in origins.items() if origin not in NATIVE}),
        Shares({origin: share for origin, share in origins.items() if origin in NATIVE}),
        Shares(figures.LEVELS_SURGE),
        {
            None: Shares(dict(enumerate(figures.AGES_SURGE))),
            **{level: Shares(dict(enumerate(ages(level)))) for level in Level},
        },
        benefits,
    )


class People:
    """Draws the people of one chunk."""

    def __init__(
        self, spec: Spec, rng: random.Random, calendar: Calendar, country: Country, numbers: Numbers
    ) -> None:
        self.rng = rng
        self.year = spec.day.year
        self.calendar = calendar
        self.country = country
        self.numbers = numbers
        self.pool = NamePool()
        self.shares = _shares()

    def draw(self, number: int) -> Drawn:
        """Person `number` of the volume."""
        rng, chance = self.rng, self.rng.random
        place = self.country.place(number)
        heavy = number % figures.HEAVY_EVERY == figures.HEAVY_AT
        surge = not heavy and place.kind in (Kind.SURGE_ASSIGNED, Kind.SURGE_UNASSIGNED, Kind.SURGE_ENDED)
        level = self.shares.surge_levels.pick(chance()) if surge else kinds().levels.pick(chance())
        by_level = None if surge else level
        sex = "M" if chance() < (figures.MEN_SURGE if surge else figures.MEN_ORDINARY) else "K"
        age_group = self.shares.ages[by_level].pick(chance())
        low, high = figures.AGES[age_group]
        birth_date, person_number = self.numbers.take(self.year - low - int(chance() * (high - low + 1)), sex)
        immigrant = chance() < (figures.IMMIGRANTS_SURGE if surge else figures.IMMIGRANTS_ORDINARY)
        origin = (self.shares.immigrants if immigrant else self.shares.natives).pick(chance())
        ended = not heavy and place.kind in (Kind.ORDINARY_ENDED, Kind.SURGE_ENDED)
        benefit = self.shares.benefits[by_level].pick(chance())
        periods = self._periods(surge, heavy, ended)
        offices, changed_at, before = self._offices(place, surge, periods)
        levels = self._levels(level, surge, periods)
        benefits = self._benefits(benefit, surge, periods)
        counsellors = self._counsellors(place, surge, periods, changed_at, before)
        writer = place.office.counsellors[place.counsellor]
        return Drawn(
            surge=surge,
            heavy=heavy,
            name=self.pool.pick(rng, origin, sex),
            sex=sex,
            birth_date=birth_date,
            number=person_number,
            age_group=age_group,
            language=self.shares.languages.pick(chance()),
            interpreter=_INTERPRETED[origin] if immigrant and chance() < figures.INTERPRETER else "",
            level=level,
            benefit="" if ended else benefit,
            office=place.office,
            writer=(writer.id, writer.first_name),
            periods=periods,
            offices=offices,
            levels=levels,
            benefits=benefits,
            registrations=_registrations(level, benefit, periods),
            counsellors=counsellors,
        )

    def _periods(self, surge: bool, heavy: bool, ended: bool) -> tuple[Period, ...]:
        rng, today = self.rng, self.calendar.today
        if surge:
            low, high = figures.DAYS_SURGE
            ago = rng.randint(30, high) if ended else rng.randint(low, high)
        elif heavy:
            ago = rng.randint(240, 900)
        else:
            ago = days_ago(rng.random()) + (60 if ended else 0)
        start = working_day(today - ago)
        if ended:
            end = working_day(today - 1 - int(rng.random() * min(180, ago - _SHORTEST - 3)))
            return (Period(start, self._end(end)),)
        if surge or heavy or rng.random() >= figures.EARLIER_PERIOD / (1 - figures.ENDED_ORDINARY):
            return (Period(start, None),)
        end = working_day(start - rng.randint(60, 400))
        return Period(working_day(end - rng.randint(60, 500)), self._end(end)), Period(start, None)

    def _end(self, day: int) -> int:
        return day * DAY + self.rng.randrange(8 * 60, 16 * 60)

    def _turn(self, period: Period) -> int | None:
        """A day on which something changes in a period, None in one too short for it."""
        last = self.calendar.today if period.ended is None else period.ended // DAY
        low, high = period.start + _SHORTEST, last - _SHORTEST
        return working_day(self.rng.randint(low, high)) if high - low > 3 else None

    def _offices(
        self, place: Place, surge: bool, periods: tuple[Period, ...]
    ) -> tuple[tuple[Span, ...], int | None, OfficePlan | None]:
        start, now = periods[0].start, str(place.office.id)
        if not surge and self.rng.random() < figures.CHANGED_OFFICE and len(self.country.offices) > 1:
            turn = self._turn(periods[-1])
            before = self.country.place(self.rng.randrange(self.country.people)).office
            if turn is not None and before is not place.office:
                return (Span(start, turn, str(before.id)), Span(turn, None, now)), turn, before
        return (Span(start, None, now),), None, None

    def _levels(self, level: Level, surge: bool, periods: tuple[Period, ...]) -> tuple[Span, ...]:
        start = periods[0].start
        if not surge and self.rng.random() < figures.CHANGED_LEVEL:
            turn = self._turn(periods[-1])
            before = self.rng.choice(_BEFORE[level_group(level)])
            if turn is not None and before is not level:
                return Span(start, turn, before.value), Span(turn, None, level.value)
        return (Span(start, None, level.value),)

    def _benefits(self, benefit: str, surge: bool, periods: tuple[Period, ...]) -> tuple[Span, ...]:
        period = periods[-1]
        last = None if period.ended is None else period.ended // DAY
        begins = period.start
        spans = []
        if not surge and self.rng.random() < figures.CHANGED_BENEFIT:
            turn = self._turn(period)
            before = Benefit.DAGPENGER if benefit != Benefit.DAGPENGER else Benefit.TILTAKSPENGER
            if turn is not None:
                spans.append(Span(begins, turn, before.value))
                begins = turn
        if benefit:
            spans.append(Span(begins, last, benefit))
        return tuple(spans)

    def _counsellors(
        self,
        place: Place,
        surge: bool,
        periods: tuple[Period, ...],
        moved: int | None,
        before: OfficePlan | None,
    ) -> tuple[Span, ...]:
        if not place.kind.assigned and place.kind not in (Kind.ORDINARY_ENDED, Kind.SURGE_ENDED):
            return ()
        staff = place.office.counsellors
        now = staff[place.counsellor].id
        start, ended = periods[0].start, periods[-1].ended
        last = None if ended is None else ended // DAY
        earlier = before.counsellors[0].id if before else None
        if (
            earlier is None
            and not surge
            and len(staff) > 1
            and self.rng.random() < figures.CHANGED_COUNSELLOR
        ):
            moved, earlier = self._turn(periods[-1]), staff[(place.counsellor + 1) % len(staff)].id
        if moved is None or earlier is None:
            return (Span(start, last, now),)
        return Span(start, moved, earlier), Span(moved, last, now)


def _registrations(level: Level, benefit: str, periods: tuple[Period, ...]) -> tuple[Span, ...]:
    """Registered in each period, as a jobseeker or for follow-up only, and not registered outside them."""
    followed = benefit == Benefit.AAP or level in (
        Level.SICK_EMPLOYED,
        Level.SICK_UNEMPLOYED,
        Level.PERMANENT,
    )
    how = (Registration.FOLLOWED_UP if followed else Registration.JOBSEEKER).value
    spans: list[Span] = []
    for index, period in enumerate(periods):
        end = None if period.ended is None else period.ended // DAY
        spans.append(Span(period.start, end, how))
        if end is not None:
            after = periods[index + 1].start if index + 1 < len(periods) else None
            spans.append(Span(end, after, Registration.INACTIVE.value))
    return tuple(spans)
