"""Dates and times in words, in the reader's language: «i morgen», «for 3 dager siden», «12. mars 2026»."""

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date
from django.utils.translation import get_language, gettext, ngettext, pgettext

from dap.core import clock

_LOCALES = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}


def _locale() -> str:
    return _LOCALES.get(get_language() or "nb", "nb_NO")


def long_date(day: date) -> str:
    """«12. mars 2026», whatever the distance."""
    return _in_words(day, _locale())


@lru_cache(maxsize=5000)  # Babel takes its time, and a plan names the same days again and again
def _in_words(day: date, locale: str) -> str:
    return format_date(day, "d MMMM y" if locale == "en_GB" else "d. MMMM y", locale=locale)


def short_date(day: date) -> str:
    """«12.03.2026», for tables and tooltips."""
    return f"{day:%d.%m.%Y}"


def weekday_date(day: date) -> str:
    """«lørdag 21. november»."""
    return format_date(day, "EEEE d MMMM" if _locale() == "en_GB" else "EEEE d. MMMM", locale=_locale())


def clock_time(moment: datetime) -> str:
    """«14.05», on a Norwegian clock."""
    return f"{clock.local(moment):%H.%M}"


def day_in_words(day: date) -> str:
    """A day near now in words, else the long date: «i dag», «i morgen», «om 5 dager», «for 3 dager siden»."""
    days = (day - clock.today()).days
    if days == 0:
        return gettext("i dag")
    if days == 1:
        return gettext("i morgen")
    if days == -1:
        return gettext("i går")
    if 1 < days <= 14:
        return ngettext("om %(days)s dag", "om %(days)s dager", days) % {"days": days}
    if -14 <= days < -1:
        return ngettext("for %(days)s dag siden", "for %(days)s dager siden", -days) % {"days": -days}
    return long_date(day)


def moment_in_words(moment: datetime) -> str:
    """A moment with its clock time: «i går kl. 14.05», «12. mars 2026 kl. 09.30»."""
    return pgettext("date and clock time", "%(day)s kl. %(clock)s") % {
        "day": day_in_words(clock.local(moment).date()),
        "clock": clock_time(moment),
    }


def period_in_words(start: date | None, end: date | None) -> str:
    """«1. desember 2026 – 15. januar 2027», «Fra …», «Til …», or "" without dates."""
    if start and end:
        return f"{long_date(start)} – {long_date(end)}"
    if start:
        return gettext("Fra %(date)s") % {"date": long_date(start)}
    if end:
        return gettext("Til %(date)s") % {"date": long_date(end)}
    return ""


def age(born: date) -> int:
    """Full years today."""
    today = clock.today()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
