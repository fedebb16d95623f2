"""Reads a case file (docs/import-case.md) into cases, or into sentences that say what is wrong.

Pure: no Django models, no input or output. A case with a fault is refused whole; the others go in.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from dap.core.enums import Side
from dap.plan.activity_types import ACTIVITY_TYPES, COMMON, FieldKind, FieldSpec, TypeSpec
from dap.plan.enums import ActivityType, ApplicationStatus, Status
from dap.record.case_checks import check_case
from dap.record.case_parts import (
    BENEFITS,
    LANGUAGES,
    LEVELS,
    SEXES,
    WAITS,
    ActivityPart,
    Case,
    CaseError,
    CitizenPart,
    GoalPart,
    MessagePart,
    MinutesPart,
    Moment,
    StatusChangePart,
    ThreadPart,
    moments_in_order,
)
from dap.record.case_reader import EMPTY, STAND_IN_DAY, Faults, Part

__all__ = [
    "FORMAT",
    "ActivityPart",
    "Case",
    "CaseError",
    "CaseFile",
    "CitizenPart",
    "GoalPart",
    "MessagePart",
    "MinutesPart",
    "Moment",
    "StatusChangePart",
    "ThreadPart",
    "moments_in_order",
    "parse",
    "parse_case",
    "read_json",
]

FORMAT = "dap-case/1"
PARTIES = (Side.CITIZEN, Side.NAV)
TYPES = tuple(kind for kind, spec in ACTIVITY_TYPES.items() if spec.created_by)
"""Minutes are no activity in a case file: they have a list of their own."""
# The most of each that a file may hold: far above any real case, and enough to stop a runaway file.
MOST_CASES, MOST_ITEMS, MOST_MESSAGES = 10_000, 1_000, 5_000
TITLE, NAME, GOAL, MESSAGE, REASON, PURPOSE = 100, 100, 500, 5_000, 255, 500
_NOWHEN = Moment(STAND_IN_DAY)


@dataclass(frozen=True)
class CaseFile:
    """What came out of a file: the cases that hold, and the faults of the others."""

    cases: tuple[Case, ...]
    errors: tuple[CaseError, ...]


def read_json(raw: bytes) -> object:
    """The content of a JSON file. Raises ValueError with a sentence where it is no JSON in UTF-8."""
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("Filen er ikke skrevet i UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ValueError(
            f"Filen er ikke gyldig JSON: feil på linje {error.lineno}, tegn {error.colno}."
        ) from None
    except RecursionError:
        raise ValueError("Filen er ikke gyldig JSON: for mange nivåer inni hverandre.") from None


def parse(data: object, now: datetime) -> CaseFile:
    """Cases and faults of a file's content. `now` is aware; nothing may have happened after it."""
    top = Faults("")
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        top.add("", "format", f"skal være «{FORMAT}»")
        return CaseFile((), tuple(top.found))
    root = Part(data, "", top)
    root.asked.add("format")
    entries = root.items("cases", "sak", MOST_CASES)
    root.close()
    if not entries and not top.found:
        top.add("", "cases", "har ingen saker")
    cases: list[Case] = []
    errors = list(top.found)
    seen: set[str] = set()
    for number, entry in enumerate(entries, 1):
        if not entry.data:
            if isinstance(data["cases"][number - 1], dict):
                errors.append(CaseError("", f"sak {number}", "", EMPTY))
            continue
        case, faults = parse_case(entry.data, now, number)
        if case is not None and case.case in seen:
            faults = [CaseError(case.case, "", "case", "er brukt før i filen")]
        if faults or case is None:
            errors.extend(faults)
        else:
            seen.add(case.case)
            cases.append(case)
    return CaseFile(tuple(cases), tuple(errors))


def parse_case(data: object, now: datetime, number: int = 1) -> tuple[Case | None, list[CaseError]]:
    """One case, or None and its faults. Without a name of its own it is called by its number."""
    name = data.get("case") if isinstance(data, dict) else None
    faults = Faults(name.strip()[:NAME] if isinstance(name, str) and name.strip() else f"nummer {number}")
    part = Part(data, "", faults)
    case = Case(
        case=part.text("case", NAME),
        citizen=_citizen(part),
        period_start=part.day("period_start") or STAND_IN_DAY,
        goals=tuple(_goal(item) for item in part.items("goals", "mål", MOST_ITEMS)),
        activities=tuple(
            _activity(item, number)
            for number, item in enumerate(part.items("activities", "aktivitet", MOST_ITEMS))
        ),
        threads=(),
        minutes=tuple(_minutes(item) for item in part.items("minutes", "referat", MOST_ITEMS)),
    )
    titles = {activity.key: activity.title for activity in case.activities}
    threads = tuple(_thread(item, titles) for item in part.items("threads", "tråd", MOST_ITEMS))
    part.close()
    if faults.found:
        # The order of time is judged only where every date could be read: else one fault breeds many.
        return None, faults.found
    case = Case(
        case.case, case.citizen, case.period_start, case.goals, case.activities, threads, case.minutes
    )
    check_case(case, faults, now)
    return (None if faults.found else case), faults.found


def _citizen(parent: Part) -> CitizenPart:
    if not parent.has("citizen"):
        parent.fault("citizen", "mangler")
        return CitizenPart("", "", "K", STAND_IN_DAY.year)
    part = parent.part("citizen", "bruker")
    born = part.day("birth_date", required=False)
    year = part.number("birth_year", 1900, 2100, required=False)
    if born and year is not None and born.year != year:
        part.fault("birth_year", "er et annet år enn i «birth_date»")
    if not part.has("birth_date") and not part.has("birth_year"):
        part.fault("birth_year", "mangler: fyll ut «birth_date» eller «birth_year»")
    citizen = CitizenPart(
        first_name=part.text("first_name", NAME),
        last_name=part.text("last_name", NAME),
        sex=part.one_of("sex", SEXES) or "K",
        birth_year=born.year if born else year or STAND_IN_DAY.year,
        birth_date=born,
        benefit=part.one_of("benefit", BENEFITS, required=False),
        benefit_from=part.day("benefit_from", required=False),
        level=part.one_of("level", LEVELS, required=False) or "IVURD",
        interpreter=part.text("interpreter", NAME, required=False) or None,
        language=part.one_of("language", LANGUAGES, required=False) or "nb",
    )
    part.close()
    return citizen


def _by(part: Part, name: str = "by") -> Side:
    return part.code(name, Side, PARTIES) or Side.NAV


def _goal(part: Part) -> GoalPart:
    goal = GoalPart(part.moment("at") or _NOWHEN, _by(part), part.text("text", GOAL))
    part.close()
    return goal


def _activity(part: Part, index: int) -> ActivityPart:
    kind = part.code("type", ActivityType, TYPES)
    by = _by(part)
    if kind is None:
        # Which fields there are depends on the type; without it their faults would be guesses.
        return ActivityPart(str(index), ActivityType.EGEN, by, _NOWHEN, Status.PLANNED, "")
    spec = ACTIVITY_TYPES[kind]
    if by not in spec.created_by:
        part.fault("by", f"skal være NAV: bare Nav lager aktiviteter av typen {kind.value}")
    fields = {field.name: field for field in spec.fields}
    details = _details(part, [field for field in spec.fields if field.name not in COMMON])
    title = part.text("title", fields["title"].max_length) if "title" in fields else ""
    if not title:
        title = str(details.get(spec.title_from, "")) or spec.default_title
    activity = ActivityPart(
        key=part.text("key", NAME, required=False) or f"aktivitet {index + 1}",
        type=kind,
        by=by,
        at=part.moment("at") or _NOWHEN,
        status=part.code("status", Status) or Status.PLANNED,
        title=title,
        agreed_at=part.moment("agreed_at", required=False),
        from_date=part.day("from_date", required=fields["from_date"].required),
        to_date=part.day("to_date", required=fields["to_date"].required),
        description=part.text("description", fields["description"].max_length, required=False),
        link=_link(part, spec),
        details=details,
        application_status=(
            part.code("application_status", ApplicationStatus, required=False)
            if kind is ActivityType.STILLING
            else None
        ),
        changes=tuple(_change(item, kind) for item in part.items("changes", "endring", MOST_ITEMS)),
    )
    part.close()
    return activity


def _details(parent: Part, specs: list[FieldSpec]) -> dict[str, str | int]:
    part = parent.part("details", "detaljer")
    details: dict[str, str | int] = {}
    for spec in specs:
        value: str | int | None
        if spec.kind is FieldKind.NUMBER:
            value = part.number(spec.name, spec.minimum, spec.maximum, required=spec.required)
        elif spec.kind is FieldKind.CHOICE and spec.choices:
            codes = tuple(choice.value for choice in spec.choices)
            value = part.one_of(spec.name, codes, required=spec.required)
        else:
            value = part.text(spec.name, spec.max_length, required=spec.required)
        if value is not None and value != "":
            details[spec.name] = value
    part.close()
    return details


def _link(part: Part, spec: TypeSpec) -> str:
    limit = next((field.max_length for field in spec.fields if field.name == "link"), 0)
    if not limit:
        return ""
    link = part.text("link", limit, required=False)
    if link and not link.lower().startswith(("https://", "http://")):
        part.fault("link", "skal begynne med https:// eller http://")
        return ""
    return link


def _change(part: Part, kind: ActivityType) -> StatusChangePart:
    kinds = [name for name in ("status", "application_status", "to_date") if part.has(name)]
    if len(kinds) != 1:
        part.fault("", "skal ha nøyaktig ett av feltene «status», «application_status» og «to_date»")
    if "application_status" in kinds and kind is not ActivityType.STILLING:
        part.fault("application_status", "hører bare til aktiviteter av typen STILLING")
    change = StatusChangePart(
        at=part.moment("at") or _NOWHEN,
        by=_by(part),
        status=part.code("status", Status, required=False),
        reason=part.text("reason", REASON, required=False),
        application_status=part.code("application_status", ApplicationStatus, required=False),
        to_date=part.day("to_date", required=False),
    )
    if change.reason and not (change.status and change.status.finished):
        part.fault("reason", "hører bare til endringer til FULLFORT eller AVBRUTT")
    part.close()
    return change


def _thread(part: Part, titles: dict[str, str]) -> ThreadPart:
    """A thread; on an activity it takes the activity's title where it has none of its own."""
    activity = part.text("activity", NAME, required=False) or None
    title = part.text("title", TITLE, required=activity not in titles)
    messages = tuple(_message(item) for item in part.items("messages", "melding", MOST_MESSAGES))
    if not messages:
        part.fault("messages", EMPTY)
    last = messages[-1].sender if messages else Side.NAV
    waits = part.one_of("waits_on", WAITS, required=False)
    if "waits_on" not in part.data:
        waits = "NAV" if last is Side.CITIZEN else None
    on_nav, on_citizen = waits in ("NAV", "BEGGE"), waits in ("BRUKER", "BEGGE")
    by_nav, by_citizen = part.flag("read_by_nav"), part.flag("read_by_citizen")
    thread = ThreadPart(
        title=title or titles.get(activity or "", "")[:TITLE],
        messages=messages,
        activity=activity,
        waits_on_nav=on_nav,
        waits_on_citizen=on_citizen,
        read_by_nav=not (last is Side.CITIZEN and on_nav) if by_nav is None else by_nav,
        read_by_citizen=not (last is Side.NAV and on_citizen) if by_citizen is None else by_citizen,
    )
    part.close()
    return thread


def _message(part: Part) -> MessagePart:
    message = MessagePart(_by(part, "from"), part.moment("at") or _NOWHEN, part.text("text", MESSAGE))
    part.close()
    return message


def _minutes(part: Part) -> MinutesPart:
    minutes = MinutesPart(
        part.day("date") or STAND_IN_DAY, part.text("purpose", PURPOSE), part.text("text", MESSAGE)
    )
    part.close()
    return minutes
