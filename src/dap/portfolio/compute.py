"""The rows of the overview, computed from what the rooms below store: one set-based statement.

`actions.refresh` stores its result, `check` compares it with what is stored, so the two can't differ.
Only the common part is read; a municipal part never comes in here.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from dap.plan.enums import ActivityType, ApplicationStatus, Status

TABLE = "portfolio_portfoliorow"
COLUMNS = (
    "person_id",
    "office_id",
    "counsellor_id",
    "name_key",
    "period_open",
    "has_goal",
    "waits_on_nav_since",
    "waits_on_citizen_since",
    "awaiting_citizen",
    "unread_by_nav",
    "oldest_unread_by_nav",
    "unread_by_citizen",
    "last_contact_at",
    "last_contact_side",
    "active_activities",
    "open_end_dates",
)
"""The columns of the statement, in its order and in the table's names."""
MAX_END_DATES = 300
"""The earliest end dates that a row keeps. Nobody has that many open; an index entry has room for them."""

# Waits and unread messages count in live threads only, contact in all. A thread's newest message is
# the one numbered message_count. Minutes (SAMTALEREFERAT) are no activity that anybody carries out.
# Which end dates count is plan.rules.ends, said set-wise; a test compares the two on every combination.
_ROWS = """
SELECT p.id AS person_id,
       p.office_id,
       a.counsellor_id,
       p.name_key,
       f.id IS NOT NULL AS period_open,
       f.id IS NOT NULL AND EXISTS (
           SELECT FROM plan_goal g WHERE g.person_id = p.id AND g.period_id = f.id
       ) AS has_goal,
       t.waits_on_nav_since,
       t.waits_on_citizen_since,
       coalesce(t.awaiting_citizen, 0) AS awaiting_citizen,
       coalesce(t.unread_by_nav, 0) AS unread_by_nav,
       t.oldest_unread_by_nav,
       coalesce(t.unread_by_citizen, 0) AS unread_by_citizen,
       c.sent_at AS last_contact_at,
       coalesce(c.by_side, '') AS last_contact_side,
       coalesce(o.active_activities, 0) AS active_activities,
       coalesce(o.open_end_dates[1:%(max_end_dates)s], ARRAY[]::date[]) AS open_end_dates
  FROM people_person p
  LEFT JOIN people_assignment a ON a.person_id = p.id AND a.to_at IS NULL
  LEFT JOIN people_followupperiod f ON f.person_id = p.id AND f.ended_at IS NULL
  LEFT JOIN (
      SELECT person_id,
             min(waits_on_nav_since) AS waits_on_nav_since,
             min(waits_on_citizen_since) AS waits_on_citizen_since,
             count(waits_on_citizen_since) AS awaiting_citizen,
             count(nav_unread_since) AS unread_by_nav,
             min(nav_unread_since) AS oldest_unread_by_nav,
             count(citizen_unread_since) AS unread_by_citizen
        FROM dialogue_thread
       WHERE historic_at IS NULL AND {chosen}
       GROUP BY person_id
  ) t ON t.person_id = p.id
  LEFT JOIN (
      SELECT DISTINCT ON (person_id) person_id, m.sent_at, m.by_side
        FROM dialogue_thread th
        JOIN dialogue_message m ON m.thread_id = th.id AND m.number = th.message_count
       WHERE {chosen}
       ORDER BY person_id, m.sent_at DESC, m.id
  ) c ON c.person_id = p.id
  LEFT JOIN (
      SELECT ac.person_id,
             count(*) AS active_activities,
             array_agg(ac.to_date ORDER BY ac.to_date) FILTER (
                 WHERE ac.to_date IS NOT NULL
                   AND NOT (ac.type = %(job)s AND ac.application_status <> ALL(%(not_sent)s))
             ) AS open_end_dates
        FROM plan_activity ac
        JOIN people_followupperiod pe ON pe.id = ac.period_id AND pe.ended_at IS NULL
       WHERE ac.historic_at IS NULL
         AND ac.status <> ALL(%(finished)s)
         AND ac.type <> %(minutes)s
         AND {chosen_activity}
       GROUP BY ac.person_id
  ) o ON o.person_id = p.id
 WHERE {chosen_person}
"""


def rows(person_ids: Collection[UUID] | None) -> tuple[str, dict[str, Any]]:
    """The statement that gives the rows of these people, or of everybody (None), and its parameters.

    For a few people every part goes by index; for everybody each table is read once.
    """
    parameters: dict[str, Any] = {
        "finished": [str(status) for status in Status if status.finished],
        "minutes": str(ActivityType.SAMTALEREFERAT),
        "job": str(ActivityType.STILLING),
        "not_sent": ["", str(ApplicationStatus.NOT_STARTED)],
        "max_end_dates": MAX_END_DATES,
    }
    if person_ids is None:
        return _ROWS.format(chosen="true", chosen_activity="true", chosen_person="true"), parameters
    parameters["people"] = list(person_ids)
    sql = _ROWS.format(
        chosen="person_id = ANY(%(people)s)",
        chosen_activity="ac.person_id = ANY(%(people)s)",
        chosen_person="p.id = ANY(%(people)s)",
    )
    return sql, parameters
