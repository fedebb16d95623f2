"""What a dialogue stores: threads, messages, and the events that the statistics are made of.

A foreign key that leads another index has none of its own: each one costs every write (docs/operations.md).
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from dap.dialogue.enums import EventKind
from dap.people.models import Authored, FollowUpPeriod, Person
from dap.plan.models import Activity


class Thread(Authored):
    """A conversation, free or about one activity. `by_*` started it.

    `*_read_no` is the number of the last message that a side has read; `*_unread_since` is when the
    oldest message that it has not read was sent. Read by Nav means read by any counsellor.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="threads", db_index=False)
    period = models.ForeignKey(FollowUpPeriod, models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="threads", db_index=False)
    title = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    message_count = models.PositiveIntegerField(default=0)
    waits_on_nav_since = models.DateTimeField(null=True)
    waits_on_citizen_since = models.DateTimeField(null=True)
    citizen_read_no = models.PositiveIntegerField(default=0)
    nav_read_no = models.PositiveIntegerField(default=0)
    citizen_unread_since = models.DateTimeField(null=True)
    nav_unread_since = models.DateTimeField(null=True)
    historic_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-last_message_at"], name="thread_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["activity"],
                condition=Q(historic_at__isnull=True),
                name="one_live_thread_per_activity",
                violation_error_message="Aktiviteten har allerede en dialog.",
            ),
            models.CheckConstraint(
                condition=Q(citizen_read_no__lte=F("message_count")) & Q(nav_read_no__lte=F("message_count")),
                name="read_no_further_than_written",
            ),
        ]


class Message(Authored):
    """What one party wrote. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages", db_index=False)
    number = models.PositiveIntegerField()
    sent_at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "number"], name="message_number_once")]


class ThreadEvent(Authored):
    """Something that happened to a thread; of a reading, `message_no` is how far. Append-only."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="events", db_index=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=30, choices=[(k, k.label) for k in EventKind])
    message_no = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["thread", "at"], name="thread_events")]
