"""Whom one may log in as in the demo."""

from uuid import UUID

from django.db import models

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
    def who_id(self) -> UUID | None:
        """The id of the person or the counsellor."""
        return self.person_id or self.counsellor_id
