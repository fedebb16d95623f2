"""`./dap import-case FILE`: plans from a case file into the database, all or nothing for each case."""

from pathlib import Path
from typing import TextIO

from django.db import transaction

from dap.core import clock
from dap.people.models import Office, PersonNumber
from dap.portfolio.actions import refresh
from dap.record.case_file import CaseFile, parse, read_json
from dap.record.case_parts import Case
from dap.record.case_rows import Rows
from dap.record.published_cases import is_published, to_case_file


def read(path: Path) -> CaseFile:
    """The cases and the faults of a file in our format or in that of the published excerpts."""
    data = read_json(path.read_bytes())
    return parse(to_case_file(data) if is_published(data) else data, clock.now())


def run(path: Path, out: TextIO) -> int:
    """Bring in every case that is right, tell what is wrong with the others; 1 when there were any."""
    found = read(path)
    for error in found.errors:
        print(error, file=out)
    office = Office.objects.order_by("number").first()
    if office is None:
        print("Det finnes ingen kontor å legge sakene i. Kjør ./dap demo først.", file=out)
        return 1
    for case in found.cases:
        name = bring_in(case, office)
        print(f"sak «{case.case}»: {name} er lagt inn hos {office.name}.", file=out)
    print(f"{len(found.cases)} saker lagt inn, {found.refused} avvist.", file=out)
    return 1 if found.errors else 0


def bring_in(case: Case, office: Office) -> str:
    """One case in one transaction, with its row in the overview; gives the person's name."""
    with transaction.atomic():
        rows = Rows(now=clock.now(), taken_numbers=set(PersonNumber.objects.values_list("number", flat=True)))
        person = rows.add_case(case, office=office, counsellor=None)
        rows.store()
        refresh([person.id])
    return person.full_name
