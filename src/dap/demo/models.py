"""Whom one may log in as in the demo."""

from uuid import UUID

from django.db import models
from django.utils.translation import gettext

from dap.people.enums import StaffRole
from dap.people.models import Counsellor, Person


class DemoPersona(models.Model):
    """A citizen or a member of staff on the demo's login page, with a line about them."""

    key = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, models.CASCADE, null=True)
    counsellor = models.OneToOneField(Counsellor, models.CASCADE, null=True)
    about = models.CharField(max_length=200)
    rank = models.PositiveIntegerField()

    @property
    def name(self) -> str:
        """«Fornavn Etternavn»."""
        who = self.person or self.counsellor
        return who.full_name if who else ""

    @property
    def line(self) -> str:
        """The line about them in the reader's language; of «Veileder, Nav …» the role is translated."""
        if self.counsellor is None:
            return gettext(self.about)
        role = StaffRole(self.counsellor.role).label
        return self.about.replace(role, gettext(role), 1)

    @property
    def who_id(self) -> UUID | None:
        """The id of the person or the counsellor."""
        return self.person_id or self.counsellor_id


class Seeding(models.Model):
    """The one volume of `./dap seed` in this database: what it is made from, and how far it has come.

    `rebuild` holds the definitions of the indexes and constraints that stand aside while rows are loaded.
    """

    people = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    day = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    phase = models.CharField(max_length=10)
    rebuild = models.JSONField(default=list)


class SeededChunk(models.Model):
    """A chunk of a volume that is loaded, committed together with its rows; how many of each table."""

    number = models.IntegerField(primary_key=True)
    rows = models.JSONField(default=dict)
