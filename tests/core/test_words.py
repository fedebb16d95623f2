"""Dates and times in words, in three languages. A language without its catalogue is read in bokmål."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import translation

from dap.core import clock, words

from ..factories import NOW, TODAY

LANGUAGES = ("nb", "nn", "en")


@pytest.fixture(autouse=True)
def _now(at_noon: datetime) -> Iterator[None]:
    with translation.override("nb"):
        yield


def in_language(code: str) -> bool:
    return any((place / code / "LC_MESSAGES" / "django.mo").exists() for place in settings.LOCALE_PATHS)


DAYS = [
    (0, "i dag"),
    (1, "i morgen"),
    (-1, "i går"),
    (2, "om 2 dager"),
    (14, "om 14 dager"),
    (15, "3. desember 2026"),
    (-2, "for 2 dager siden"),
    (-14, "for 14 dager siden"),
    (-15, "3. november 2026"),
    (-400, "14. oktober 2025"),
]


@pytest.mark.parametrize(("days", "said"), DAYS)
def test_a_day_near_now_is_said_in_words_and_others_as_a_date(days: int, said: str) -> None:
    assert words.day_in_words(TODAY + timedelta(days=days)) == said


@pytest.mark.parametrize(
    ("language", "long", "weekday"),
    [
        ("nb", "12. mars 2026", "torsdag 12. mars"),
        ("nn", "12. mars 2026", "torsdag 12. mars"),
        ("en", "12 March 2026", "Thursday 12 March"),
        ("de", "12. mars 2026", "torsdag 12. mars"),
    ],
)
def test_a_date_is_written_as_the_language_writes_it(language: str, long: str, weekday: str) -> None:
    with translation.override(language):
        assert words.long_date(date(2026, 3, 12)) == long
        assert words.weekday_date(date(2026, 3, 12)) == weekday
        assert words.short_date(date(2026, 3, 2)) == "02.03.2026"


@pytest.mark.parametrize(
    ("language", "today", "soon", "later"),
    [("nb", "i dag", "om 5 dager", "for 3 dager siden"), ("en", "today", "in 5 days", "3 days ago")],
)
@pytest.mark.feature("U3")
def test_the_words_follow_the_reader(language: str, today: str, soon: str, later: str) -> None:
    if language != "nb" and not in_language(language):
        pytest.skip("the catalogue is not compiled here")
    with translation.override(language):
        assert words.day_in_words(TODAY) == today
        assert words.day_in_words(TODAY + timedelta(days=5)) == soon
        assert words.day_in_words(TODAY - timedelta(days=3)) == later


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.feature("U3")
def test_every_branch_has_words_in_every_language(language: str) -> None:
    with translation.override(language):
        for days in (-40, -14, -2, -1, 0, 1, 2, 14, 40):
            said = words.day_in_words(TODAY + timedelta(days=days))
            assert said
            assert "%" not in said
            assert str(abs(days)) in said or abs(days) in (0, 1, 40)
        assert words.clock_time(NOW) in words.moment_in_words(NOW)
        periods = [words.period_in_words(a, b) for a in (TODAY, None) for b in (TODAY, None)]
        assert len(set(periods)) == 4
        assert periods[-1] == ""


def test_a_moment_is_told_on_a_norwegian_clock_summer_and_winter() -> None:
    assert words.moment_in_words(NOW) == "i dag kl. 10.00"
    assert words.moment_in_words(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)) == "1. juli 2026 kl. 14.05"
    just_past_midnight = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)
    assert words.moment_in_words(just_past_midnight) == "i dag kl. 00.30"


def test_a_period_is_told_with_the_ends_that_it_has() -> None:
    start, end = date(2026, 12, 1), date(2027, 1, 15)
    assert words.period_in_words(start, end) == "1. desember 2026 – 15. januar 2027"
    assert words.period_in_words(start, None) == "Fra 1. desember 2026"
    assert words.period_in_words(None, end) == "Til 15. januar 2027"
    assert words.period_in_words(None, None) == ""


@pytest.mark.parametrize(
    ("born", "age"),
    [(date(1990, 11, 18), 36), (date(1990, 11, 19), 35), (date(2026, 11, 18), 0), (date(2004, 2, 29), 22)],
)
def test_age_counts_full_years_today(born: date, age: int) -> None:
    assert words.age(born) == age


def test_today_is_the_day_in_norway() -> None:
    with clock.frozen(datetime(2026, 11, 17, 23, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 11, 18)
    assert clock.start_of_day(date(2026, 7, 1)) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert clock.now() == NOW
