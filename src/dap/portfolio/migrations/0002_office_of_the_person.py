"""A row's office is the person's, by key: whatever moves a person moves the row, and no list can lag behind.

The lists count and search by the row's office alone (docs/adr/0004-volume-and-speed.md).
"""

from django.db import migrations

ADD = """
ALTER TABLE people_person ADD CONSTRAINT person_with_office UNIQUE (id, office_id);
ALTER TABLE portfolio_portfoliorow ADD CONSTRAINT row_office_as_person
    FOREIGN KEY (person_id, office_id) REFERENCES people_person (id, office_id)
    ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""
REMOVE = """
ALTER TABLE portfolio_portfoliorow DROP CONSTRAINT row_office_as_person;
ALTER TABLE people_person DROP CONSTRAINT person_with_office;
"""


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0001_initial"), ("people", "0002_lean_indexes")]
    operations = [migrations.RunSQL(ADD, REMOVE)]
