"""Somebody to log in as among the many: the written personas, and staff of the largest office."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q

from dap.core.clock import start_of_day
from dap.demo import stories
from dap.demo.models import DemoPersona
from dap.demo.seed import add_personas
from dap.people.enums import StaffRole
from dap.people.models import Counsellor, Office, PersonNumber
from dap.record.case_rows import Rows


def add(day: date) -> None:
    """Add them to a loaded volume, as they stand when `day` begins; safe to repeat.

    The written people get offices of their own, and numbers that nobody has.
    """
    now = start_of_day(day)
    with transaction.atomic():
        if DemoPersona.objects.exists():
            return
        _largest_office()
        rows = Rows(now=now, taken_numbers=_taken_numbers(now))
        add_personas(rows)
        rows.store()


def people() -> int:
    """How many people are added."""
    return len(stories.personas(start_of_day(date(2026, 1, 1))))


def _taken_numbers(now: datetime) -> set[str]:
    """The person numbers of everybody who is born when a persona may be; others cannot collide."""
    born = Q()
    for demo in stories.personas(now):
        citizen = demo.case.citizen
        first = citizen.birth_date or date(citizen.birth_year, 1, 1)
        born |= Q(person__birth_date__range=(first, first + timedelta(days=31)))
    return set(PersonNumber.objects.filter(born).values_list("number", flat=True))


def _largest_office() -> None:
    """The leader of the largest office, and its counsellor with the most people."""
    office = Office.objects.annotate(size=Count("people")).order_by("-size", "id").first()
    staff = Counsellor.objects.filter(offices=office).annotate(
        size=Count("assignments", filter=Q(assignments__to_at=None))
    )
    chosen = [
        staff.filter(role=role).order_by("-size", "ident").first()
        for role in (StaffRole.COUNSELLOR, StaffRole.LEADER)
    ]
    for rank, one in enumerate(chosen, start=200):
        if one and office:
            about = f"{StaffRole(one.role).label}, {office.name}"
            DemoPersona.objects.create(key=one.ident, counsellor=one, about=about, rank=rank)
