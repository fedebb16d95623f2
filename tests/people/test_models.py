"""People: how they are named, and that a person number stands in one table and nowhere else."""

from datetime import datetime

import pytest
from django.db import connection
from django.urls import reverse

from dap.people.models import Counsellor, PersonNumber

from .. import factories
from ..access.visiting import Visitor, html_of


def test_people_are_named_one_way_in_text_and_another_in_tables_and_never_in_a_log(db: None) -> None:
    person = factories.person(factories.office(), "Anne-Marie", "Aas")
    assert (person.full_name, person.table_name) == ("Anne-Marie Aas", "Aas, Anne-Marie")
    assert str(person) == str(person.id)
    marte = Counsellor.objects.get(id=factories.counsellor(person.office).id)
    assert str(marte) == marte.full_name == "Marte Lien"


def tables_with(text: str) -> set[str]:
    """The tables in whose rows this text stands anywhere."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table == "django_migrations":
                continue  # the web role may not read it
            cursor.execute(f'SELECT 1 FROM "{table}" AS t WHERE t::text LIKE %s LIMIT 1', [f"%{text}%"])
            if cursor.fetchone():
                found.add(table)
    return found


@pytest.mark.feature("X8")
def test_a_person_number_stands_in_one_table_and_in_no_address(db: None, at_noon: datetime) -> None:
    house = factories.house()
    number = PersonNumber.objects.get(person=house.citizen).number
    nav = Visitor(house.counsellor)
    found = nav.post(reverse("search"), q=f"{number[:6]} {number[6:]}")
    assert found["Location"] == reverse("person:plan", kwargs={"person_id": house.citizen.id})
    wrong = nav.post(reverse("search"), q=number[:10] + str((int(number[10]) + 1) % 10))
    assert wrong.status_code == 422
    nav.read(found["Location"])
    assert number not in html_of(nav.get(found["Location"]))
    outsider = Visitor(house.outsider)
    hidden = outsider.post(reverse("search"), q=number)
    assert number not in hidden["Location"]
    assert tables_with(number) == {"people_personnumber"}
    assert "people_person" in tables_with("Solberg"), "the search of the tables finds what is there"
