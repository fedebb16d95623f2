"""Turns a story's sentences into one person's: `<one|another>` is a choice, `{first}` a slot.

`<q:one|another>` is a choice that goes together with the other choices named q in the same thread or
activity: the third question gets the third answer.

Dates in a sentence count from the moment it is written: `{day+3}` is «torsdag 26. november», the first
working day at least three days later; `{weekday+3}` names only the weekday, `{month+2}` the month.
"""

import random
import re
from collections.abc import Mapping
from datetime import date, timedelta

_CHOICE = re.compile(r"<(?:([a-z]):)?([^<>]*)>")
_SLOT = re.compile(r"\{(\w+?)([+-]\d+)?\}")
_DAYS = {
    "nb": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    "nn": ("måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "sundag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_NORWEGIAN_MONTHS = (
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# Norwegian days off with a fixed date; enough for days that an invented counsellor works.
_DAYS_OFF = {(1, 1), (5, 1), (5, 17), (12, 24), (12, 25), (12, 26), (12, 31)}


def is_working_day(day: date) -> bool:
    """Monday to Friday, and not one of the fixed days off."""
    return day.weekday() < 5 and (day.month, day.day) not in _DAYS_OFF


def working_day(day: date, step: int = 1) -> date:
    """The day itself or the nearest working day after it (before it with step -1)."""
    while not is_working_day(day):
        day += timedelta(days=step)
    return day


def phrase(
    text: str,
    slots: Mapping[str, str],
    rng: random.Random,
    written: date,
    language: str = "nb",
    together: dict[str, float] | None = None,
) -> str:
    """The sentence with its choices made and its slots filled. Raises KeyError for an unknown slot.

    `together` remembers the named choices, as a share from 0 to 1, for the sentences that follow.
    """
    named = {} if together is None else together

    def choice(match: re.Match[str]) -> str:
        options = str(match.group(2)).split("|")
        if match.group(1) is None:
            return rng.choice(options)
        return options[int(named.setdefault(match.group(1), rng.random()) * len(options))]

    def slot(match: re.Match[str]) -> str:
        name, shift = match.group(1), match.group(2)
        if shift is not None:
            return _dated(name, int(shift), written, language)
        if name in slots:
            return slots[name]
        return slots[name.lower()][:1].upper() + slots[name.lower()][1:]

    while "<" in text:
        replaced = _CHOICE.sub(choice, text)
        if replaced == text:
            break
        text = replaced
    while "{" in text:
        # A slot's value may hold a slot itself (an employer named after the town).
        text = _SLOT.sub(slot, text)
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in text.strip().split("\n"))
    return "\n".join(lines)


def _dated(name: str, shift: int, written: date, language: str) -> str:
    months = _ENGLISH_MONTHS if language == "en" else _NORWEGIAN_MONTHS
    if name == "month":
        return months[(written.month - 1 + shift) % 12]
    day = working_day(written + timedelta(days=shift), 1 if shift >= 0 else -1)
    weekday = _DAYS[language][day.weekday()]
    dot = "" if language == "en" else "."
    if name == "weekday":
        return weekday
    if name == "date":
        return (
            f"{day.day} {months[day.month - 1]}"
            if language == "en"
            else f"{day.day}. {months[day.month - 1]}"
        )
    if name == "day":
        dot = "" if language == "en" else "."
        return f"{weekday} {day.day}{dot} {months[day.month - 1]}"
    raise KeyError(name)
