"""What the overview stores: one computed row a person, and the searches of the last hour."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dap.core.enums import Side
from dap.people.models import Counsellor, Office, Person


class PortfolioRow(models.Model):
    """What the lists show of a person, computed by compute.py from the common part of the plan.

    Nothing here is entered by anybody, and no text of anybody stands here. What depends on today's
    date (expired, next end date) is decided when it is read, from `open_end_dates`. Names are joined
    for the rows shown; `office` and `name_key` repeat the person's so that indexes can sort an office.
    """

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="portfolio_row")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    counsellor = models.ForeignKey(Counsellor, models.PROTECT, null=True, related_name="+", db_index=False)
    name_key = models.CharField(max_length=250)
    period_open = models.BooleanField()
    has_goal = models.BooleanField()
    waits_on_nav_since = models.DateTimeField(null=True)
    waits_on_citizen_since = models.DateTimeField(null=True)
    awaiting_citizen = models.PositiveIntegerField()
    unread_by_nav = models.PositiveIntegerField()
    oldest_unread_by_nav = models.DateTimeField(null=True)
    unread_by_citizen = models.PositiveIntegerField()
    last_contact_at = models.DateTimeField(null=True)
    last_contact_side = models.CharField(max_length=6, choices=[(s, s.label) for s in Side], blank=True)
    active_activities = models.PositiveIntegerField()
    open_end_dates = ArrayField(models.DateField())

    class Meta:
        # The first index answers counts, sorting and name search of an office without reading the rows;
        # compute.MAX_END_DATES keeps its entries within what an index entry may hold.
        indexes = [
            models.Index(
                fields=["office", "name_key", "person"],
                include=[
                    "counsellor",
                    "period_open",
                    "waits_on_nav_since",
                    "unread_by_nav",
                    "oldest_unread_by_nav",
                    "last_contact_at",
                    "open_end_dates",
                ],
                name="row_office",
            ),
            models.Index(fields=["counsellor", "name_key"], name="row_counsellor"),
        ]


class Search(models.Model):
    """A search that its address names by id, so that no name and no number stands in an address.

    `text` is the name as typed; "" for a number that led to nobody, for a number is never stored.
    Seen by its own actor only, kept an hour.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    actor_key = models.CharField(max_length=60)
    text = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="search_at")]
