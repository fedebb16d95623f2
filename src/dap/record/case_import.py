"""`./dap import-case FILE`: plans from a case file into the database, all or nothing for each case."""

import hashlib
from pathlib import Path
from typing import TextIO
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from dap.core import clock
from dap.people.models import Office, Person, PersonNumber
from dap.portfolio.actions import refresh
from dap.record.case_file import CaseFile, parse, read_json
from dap.record.case_parts import Case
from dap.record.case_rows import Rows
from dap.record.published_cases import is_published, to_case_file


def read(path: Path) -> CaseFile:
    """The cases and the faults of a file in our format or in that of the published excerpts.

    Raises ValueError with a sentence where the file is no JSON.
    """
    data = read_json(path.read_bytes())
    return parse(to_case_file(data) if is_published(data) else data, clock.now())


def run(path: Path, out: TextIO) -> int:
    """Bring in every case that is right, tell what is wrong with the others; 1 when there were any."""
    try:
        found = read(path)
    except ValueError as error:
        print(error, file=out)
        return 1
    for fault in found.errors:
        print(fault, file=out)
    office = Office.objects.order_by("number").first()
    if office is None:
        print("Det finnes ingen kontor å legge sakene i. Kjør ./dap demo først.", file=out)
        return 1
    new = 0
    for case in found.cases:
        person = bring_in(case, office)
        if person is None:
            print(f"sak «{case.case}»: er lagt inn før, og er ikke lagt inn igjen.", file=out)
            continue
        new += 1
        print(f"sak «{case.case}»: {person.full_name} er lagt inn hos {office.name}.", file=out)
    refused = len({fault.case or fault.where for fault in found.errors})
    print(f"{new} av {len(found.cases) + refused} saker lagt inn, {refused} avvist.", file=out)
    return 1 if found.errors else 0


def bring_in(case: Case, office: Office) -> Person | None:
    """One case in one transaction, with its row in the overview; None when this case stands there already."""
    person_id = identity(case)
    with transaction.atomic():
        if Person.objects.filter(id=person_id).exists():
            return None
        taken = set(PersonNumber.objects.values_list("number", flat=True))
        rows = Rows(now=clock.now(), taken_numbers=taken)
        person = rows.add_case(case, office=office, counsellor=None, id=person_id)
        rows.store()
        refresh([person.id])
    return person


def identity(case: Case) -> UUID:
    """The id of a case's person: same content, same id, so that a file read twice is brought in once."""
    return uuid5(NAMESPACE_URL, f"dap-case:{hashlib.sha256(repr(case).encode()).hexdigest()}")
