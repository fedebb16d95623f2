"""What a plan stores: goals, activities and the append-only history of both.

A foreign key that leads another index has none of its own: each one costs every write (docs/operations.md).
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from dap.people.models import Authored, Counsellor, FollowUpPeriod, Person
from dap.plan.activity_types import ACTIVITY_TYPES
from dap.plan.enums import ActivityType, ApplicationStatus, ChangeKind, Status


class Goal(Authored):
    """A goal as it was written; the newest row of a person is the current one. Append-only."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="goals", db_index=False)
    period = models.ForeignKey(FollowUpPeriod, models.PROTECT, related_name="+", db_index=False)
    text = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="goal_newest")]


class Activity(Authored):
    """A card of the plan, as it is now. `by_*` is its creator; `ActivityChange` tells how it came here.

    Fields that only some types have stand in `details`, declared in activity_types.py.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="activities", db_index=False)
    period = models.ForeignKey(FollowUpPeriod, models.PROTECT, related_name="+")
    type = models.CharField(max_length=20, choices=[(t, t.label) for t in ActivityType])
    status = models.CharField(max_length=25, choices=[(s, s.label) for s in Status])
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=100)
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)
    description = models.TextField(default="", blank=True)
    link = models.CharField(max_length=2000, default="", blank=True)
    details = models.JSONField(default=dict)
    application_status = models.CharField(
        max_length=25, default="", blank=True, choices=[(a, a.label) for a in ApplicationStatus]
    )
    agreed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=255, default="", blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by_side = models.CharField(max_length=6)
    changed_by_counsellor = models.ForeignKey(
        Counsellor, models.PROTECT, null=True, related_name="+", db_index=False
    )
    historic_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "period"], name="activity_plan")]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__isnull=True)
                | Q(from_date__isnull=True)
                | Q(to_date__gte=F("from_date")),
                name="activity_dates_in_order",
                violation_error_message="Til dato kan ikke være før fra dato.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[str(s) for s in Status]),
                name="activity_status_known",
                violation_error_message="Ukjent status.",
            ),
        ]

    @property
    def shown_title(self) -> str:
        """The title as the reader sees it; a title that the type gives is in the reader's language."""
        fixed = ACTIVITY_TYPES[ActivityType(self.type)].default_title
        return gettext(fixed) if fixed else self.title

    @property
    def agreed(self) -> bool:
        """Agreed with Nav (avtalt)."""
        return self.agreed_at is not None


class ActivityChange(Authored):
    """One version of an activity: who, what from, what to, when. Append-only.

    `changes` holds {field: [before, after]}, dates as ISO text, so that any earlier version can be
    told by walking back from the present one.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="changes", db_index=False)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=[(k, k.label) for k in ChangeKind])
    changes = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "version"], name="one_change_per_version")]


class ActivitySeen(models.Model):
    """The newest version of an activity that a viewer has had on the screen."""

    viewer_key = models.CharField(max_length=60)
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="seen")
    version = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["viewer_key", "activity"], name="activity_seen_once")]
