"""Periodic jobs: they take no arguments, make one call each, and are safe to run twice."""

from procrastinate.contrib.django import app

from dap.access.housekeeping import ensure_audit_partitions
from dap.core import clock, drafts, idempotency
from dap.portfolio import actions as portfolio


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="forget_old")
def forget_old(timestamp: int) -> None:
    """Delete idempotency keys after 7 days, drafts after 30, sessions that have ended."""
    from django.core.management import call_command

    now = clock.now()
    idempotency.forget_old(now)
    drafts.forget_old(now)
    call_command("clearsessions")


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="forget_searches")
def forget_searches(timestamp: int) -> None:
    """Delete searches older than an hour."""
    portfolio.forget_old_searches(clock.now())


@app.periodic(cron="43 2 * * *")
@app.task(queueing_lock="make_partitions")
def make_partitions(timestamp: int) -> None:
    """Make the audit log's partitions ahead of time."""
    ensure_audit_partitions()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="retry_stalled")
async def retry_stalled(timestamp: int) -> None:
    """Put jobs back whose worker has died."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await app.job_manager.retry_job(job)
