"""The limits of every field of every type, without a database, and that no reason goes unproved."""

import ast
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dap.plan import rules
from dap.plan.activity_types import ACTIVITY_TYPES, FieldKind, FieldSpec, TypeSpec
from dap.plan.enums import ActivityType
from dap.plan.rules import PlanReason

from ..factories import FIELDS, TODAY

SPECS = [ACTIVITY_TYPES[type] for type in FIELDS]
EVERY_FIELD = [(spec, field) for spec in SPECS for field in spec.fields]
PLAIN = (FieldKind.LINE, FieldKind.TEXT)


def named(value: object) -> str | None:
    return str(value.type) if isinstance(value, TypeSpec) else getattr(value, "name", None)


def faults(spec: TypeSpec, **changed: object) -> list[tuple[str, PlanReason]]:
    return [(f.field, f.reason) for f in rules.judge_fields(spec, {**FIELDS[spec.type], **changed})]


# The table of reference/plan.md section 1, written out: (required, longest text).
LIMITS: dict[ActivityType, dict[str, tuple[bool, int]]] = {
    ActivityType.EGEN: {
        "title": (True, 100), "from_date": (True, 0), "to_date": (True, 0), "purpose": (False, 255),
        "checklist": (False, 255), "description": (False, 5000), "link": (False, 2000),
    },
    ActivityType.STILLING: {
        "title": (True, 100), "from_date": (True, 0), "to_date": (False, 0), "employer": (False, 255),
        "workplace": (False, 255), "contact": (False, 255), "description": (False, 5000),
        "link": (False, 2000),
    },
    ActivityType.IJOBB: {
        "title": (True, 100), "from_date": (True, 0), "to_date": (False, 0), "job_share": (True, 0),
        "employer": (False, 255), "working_hours": (False, 255), "description": (False, 5000),
    },
    ActivityType.BEHANDLING: {
        "treatment_type": (True, 100), "treatment_place": (True, 255), "from_date": (True, 0),
        "to_date": (True, 0), "effect": (False, 255), "follow_up": (False, 255), "description": (False, 400),
    },
    ActivityType.SOKEAVTALE: {
        "from_date": (True, 0), "to_date": (True, 0), "applications_per_week": (True, 0),
        "follow_up": (False, 255), "description": (False, 5000),
    },
}  # fmt: skip


@pytest.mark.feature("A1")
def test_the_fields_and_limits_are_those_of_the_reference() -> None:
    declared = {
        type: {field.name: (field.required, field.max_length) for field in ACTIVITY_TYPES[type].fields}
        for type in LIMITS
    }
    assert declared == LIMITS
    number = ACTIVITY_TYPES[ActivityType.SOKEAVTALE].field("applications_per_week")
    assert (number.minimum, number.maximum) == (1, 99)


@pytest.mark.feature("A1")
@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_the_least_that_a_type_needs_is_enough(spec: TypeSpec) -> None:
    assert faults(spec) == []


@pytest.mark.feature("A1")
@pytest.mark.parametrize(("spec", "field"), EVERY_FIELD, ids=named)
@pytest.mark.parametrize("blank", ["", None], ids=["empty", "left out"])
def test_a_blank_field_is_refused_when_it_is_required(spec: TypeSpec, field: FieldSpec, blank: Any) -> None:
    expected = [(field.name, PlanReason.FIELD_REQUIRED)] if field.required else []
    assert faults(spec, **{field.name: blank}) == expected


@pytest.mark.feature("A1")
@pytest.mark.parametrize(
    ("spec", "field"), [(s, f) for s, f in EVERY_FIELD if f.kind in (*PLAIN, FieldKind.LINK)], ids=named
)
def test_a_text_may_be_as_long_as_its_limit_and_not_one_more(spec: TypeSpec, field: FieldSpec) -> None:
    start = "https://nav.no/" if field.kind is FieldKind.LINK else ""
    exactly = start + "æ" * (field.max_length - len(start))
    assert faults(spec, **{field.name: exactly}) == []
    assert faults(spec, **{field.name: exactly + "æ"}) == [(field.name, PlanReason.FIELD_TOO_LONG)]
    (fault,) = rules.judge_fields(spec, {**FIELDS[spec.type], field.name: exactly + "æ"})
    assert fault.values["max"] == field.max_length
    assert fault.values["length"] == field.max_length + 1


@pytest.mark.feature("A1")
@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_dates_stand_in_order_and_between_1950_and_2100(spec: TypeSpec) -> None:
    same_day = {"from_date": TODAY, "to_date": TODAY}
    assert faults(spec, **same_day) == []
    assert faults(spec, from_date=TODAY, to_date=TODAY - timedelta(days=1)) == [
        ("to_date", PlanReason.END_BEFORE_START)
    ]
    assert faults(spec, from_date=date(1950, 1, 1), to_date=date(2100, 1, 1)) == []
    assert faults(spec, from_date=date(1949, 12, 31)) == [("from_date", PlanReason.FIELD_DATE_RANGE)]
    assert faults(spec, to_date=date(2100, 1, 2)) == [("to_date", PlanReason.FIELD_DATE_RANGE)]
    for impossible in ("31.02.2026", "i morgen", 20261118):
        assert ("to_date", PlanReason.FIELD_DATE) in faults(spec, to_date=impossible)


@pytest.mark.feature("A1")
@pytest.mark.parametrize(
    ("number", "right"),
    [(1, True), (99, True), (0, False), (100, False), (-1, False), ("3", False), (2.5, False)],
)
def test_applications_per_week_are_1_to_99(number: object, right: bool) -> None:
    expected = [] if right else [("applications_per_week", PlanReason.FIELD_NUMBER)]
    assert faults(ACTIVITY_TYPES[ActivityType.SOKEAVTALE], applications_per_week=number) == expected


@pytest.mark.feature("A1")
@pytest.mark.parametrize(
    ("share", "right"), [("HELTID", True), ("DELTID", True), ("FULL", False), ("heltid", False), (1, False)]
)
def test_a_job_is_full_time_or_part_time(share: object, right: bool) -> None:
    expected = [] if right else [("job_share", PlanReason.FIELD_CHOICE)]
    assert faults(ACTIVITY_TYPES[ActivityType.IJOBB], job_share=share) == expected


@pytest.mark.feature("A1")
def test_every_fault_is_told_at_once() -> None:
    spec = ACTIVITY_TYPES[ActivityType.BEHANDLING]
    found = rules.judge_fields(spec, {"from_date": TODAY, "description": "x" * 401, "effect": "x" * 256})
    assert [(f.field, f.reason) for f in found] == [
        ("treatment_type", PlanReason.FIELD_REQUIRED),
        ("treatment_place", PlanReason.FIELD_REQUIRED),
        ("to_date", PlanReason.FIELD_REQUIRED),
        ("effect", PlanReason.FIELD_TOO_LONG),
        ("description", PlanReason.FIELD_TOO_LONG),
    ]


LINKS = [  # typed, allowed
    ("https://www.nav.no", True),
    ("http://nav.no/a?b=c&d=e#f", True),
    ("HTTPS://NAV.NO", True),
    ("www.nav.no", True),
    ("nav.no/jobb", True),
    ("https://blåbærsyltetøy.no/søk", True),
    ("https://例え.jp", True),
    ("mailto:post@eksempel.no", True),
    ("tel:+4722222222", True),
    ("javascript:alert(1)", False),
    ("JavaScript:alert(1)", False),
    ("javascript://nav.no/%0aalert(1)", False),
    ("java\tscript:alert(1)", False),
    ("\x01javascript:alert(1)", False),
    ("data:text/html,<script>alert(1)</script>", False),
    ("vbscript:msgbox", False),
    ("ftp://eksempel.no/fil", False),
    ("file:///etc/passwd", False),
    ("https://nav.no/to ord", False),
    ("https://", False),
    ("https:///sti", False),
    ("http://[::1", False),
    ("mailto:", False),
]


@pytest.mark.feature("A1")
@pytest.mark.parametrize(("typed", "allowed"), LINKS)
def test_a_link_is_a_web_address_and_never_a_script(typed: str, allowed: bool) -> None:
    expected = [] if allowed else [("link", PlanReason.UNSAFE_LINK)]
    assert faults(ACTIVITY_TYPES[ActivityType.EGEN], link=typed) == expected


def test_every_reason_of_the_plan_has_a_test_that_asks_for_it() -> None:
    folder = Path(__file__).parent
    asked = {
        node.attr
        for path in folder.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "PlanReason"
    }
    assert asked - {"__members__"} == set(PlanReason.__members__)
