"""What is stored so that nothing typed is lost and nothing is done twice."""

from django.db import models


class IdempotencyKey(models.Model):
    """One filled-in form that has been carried out: the same form again gives the same result.

    Kept 7 days. `content` is a hash of what was posted, never the text; `result` names the thing made.
    """

    actor_key = models.CharField(max_length=60)
    key = models.CharField(max_length=40)
    content = models.CharField(max_length=64)
    result = models.CharField(max_length=100, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_key", "key"], name="idempotency_once")]
        indexes = [models.Index(fields=["at"], name="idempotency_at")]


class Draft(models.Model):
    """What somebody has typed but not sent: one per author and place, seen by the author only.

    `place` names the form (`traad:<id>`, `ny-traad:<person>` …); `fields` holds what stood in it.
    """

    actor_key = models.CharField(max_length=60)
    place = models.CharField(max_length=120)
    person_id = models.UUIDField(null=True)
    fields = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_key", "place"], name="draft_one_per_place")]
        indexes = [models.Index(fields=["saved_at"], name="draft_saved_at")]
