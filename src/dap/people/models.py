"""People, offices, counsellors, follow-up periods, and the dated history of what changes."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from dap.core.enums import Side
from dap.people.enums import Benefit, Level, Registration, Sex, StaffRole


class Office(models.Model):
    """A local Nav office."""

    number = models.CharField(max_length=4, unique=True)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Counsellor(models.Model):
    """A member of staff at one or more offices."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    ident = models.CharField(max_length=7, unique=True)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    name_key = models.CharField(max_length=250)
    role = models.CharField(max_length=10, choices=[(r, r.label) for r in StaffRole])
    offices = models.ManyToManyField(Office, related_name="counsellors")
    language = models.CharField(max_length=2, default="nb")

    class Meta:
        indexes = [models.Index(fields=["name_key"], name="counsellor_name_key")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """«Fornavn Etternavn»."""
        return f"{self.first_name} {self.last_name}"


class Person(models.Model):
    """A citizen. The person number stands in `PersonNumber` alone.

    `office`, `level` and `benefit` repeat the open rows of the dated histories, for scoping and lists.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    name_key = models.CharField(max_length=250)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1, choices=[(s, s.label) for s in Sex])
    language = models.CharField(max_length=2, default="nb")
    interpreter = models.CharField(max_length=60, default="", blank=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="people", db_index=False)
    level = models.CharField(max_length=5, choices=[(v, v.label) for v in Level])
    benefit = models.CharField(max_length=13, default="", blank=True, choices=[(b, b.label) for b in Benefit])
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["office", "name_key"], name="person_office_name")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def full_name(self) -> str:
        """«Fornavn Etternavn»."""
        return f"{self.first_name} {self.last_name}"

    @property
    def table_name(self) -> str:
        """«Etternavn, Fornavn»."""
        return f"{self.last_name}, {self.first_name}"


class PersonNumber(models.Model):
    """The one table that holds person numbers."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")
    number = models.CharField(max_length=11, unique=True)


class FollowUpPeriod(models.Model):
    """A span of work-directed follow-up (oppfølgingsperiode). At most one is open."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="periods")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_at__isnull=True),
                name="one_open_period",
                violation_error_message="Personen har allerede en åpen oppfølgingsperiode.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="period_ends_after_start",
                violation_error_message="Perioden kan ikke slutte før den starter.",
            ),
        ]


class Authored(models.Model):
    """Who did it: the citizen, or a member of staff, or the program.

    Nobody asks for all that a counsellor has done, and counsellors are never deleted: no index.
    """

    by_side = models.CharField(max_length=6, choices=[(s, s.label) for s in Side])
    by_counsellor = models.ForeignKey(Counsellor, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        abstract = True


class Assignment(models.Model):
    """Which counsellor follows up a person, from when to when. At most one is open."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="assignments")
    counsellor = models.ForeignKey(Counsellor, models.PROTECT, related_name="assignments")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(to_at__isnull=True),
                name="one_open_assignment",
                violation_error_message="Personen har allerede en veileder.",
            )
        ]


class DatedHistory(models.Model):
    """A value that held from one day up to, not including, another. The open row is the present.

    Later statistics need the state at each month's end (STATISTICS.md section 1).
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    from_date = models.DateField()
    to_date = models.DateField(null=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(to_date__isnull=True), name="one_open_%(class)s"
            ),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")), name="%(class)s_order"
            ),
        ]


class OfficeHistory(DatedHistory):
    """Which office has followed the person up."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")


class LevelHistory(DatedHistory):
    """Which assistance level the person has had."""

    level = models.CharField(max_length=5, choices=[(v, v.label) for v in Level])


class BenefitHistory(DatedHistory):
    """Which benefit the person has had; no row for a time without one."""

    benefit = models.CharField(max_length=13, choices=[(b, b.label) for b in Benefit])


class RegistrationHistory(DatedHistory):
    """How the person has been registered."""

    registration = models.CharField(max_length=5, choices=[(r, r.label) for r in Registration])
