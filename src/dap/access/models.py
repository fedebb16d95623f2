"""The audit log: every look and every change, denials too."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class AuditEntry(models.Model):
    """One act or one look. Append-only; the web role may insert and read, nothing else.

    The table is partitioned by month (see the migration), so Django does not make it.
    `what` is the name of the route, `people` the ids of those it was about.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_key = models.CharField(max_length=60)
    what = models.CharField(max_length=80)
    people = ArrayField(models.UUIDField())
    allowed = models.BooleanField()
    reason = models.CharField(max_length=40, default="")
    as_citizen = models.BooleanField(default=False)

    class Meta:
        managed = False
        db_table = "access_auditentry"
