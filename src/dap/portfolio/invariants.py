"""What must hold of what is stored, beside the rows of the overview: statements that find the exceptions.

Each gives (id, what is wrong), reads its tables once, and names nobody: ids, numbers, codes and times only.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Invariant:
    """A sentence that must hold, and the statement that finds where it does not."""

    name: str
    sql: str


def _present_is_open_row(column: str, table: str) -> Invariant:
    """A person's present value repeats the open row of its dated history; no row means no value."""
    return Invariant(
        f"people: {column} as in its history",
        f"""SELECT p.id, concat(p.{column}, ' but the open history row has ',
                                coalesce(h.{column}::text, 'no value'))
              FROM people_person p LEFT JOIN {table} h ON h.person_id = p.id AND h.to_date IS NULL
             WHERE nullif(p.{column}::text, '') IS DISTINCT FROM h.{column}::text""",  # noqa: S608  our own names
    )


def _no_overlap(what: str, table: str, start: str, end: str) -> Invariant:
    """Spans of one person follow each other; only the last may be open."""
    return Invariant(
        f"people: {what} do not overlap",
        f"""SELECT person_id, concat('starts ', {start}, ' before ', coalesce(before::text, 'the open one'),
                                     ' has ended')
              FROM (SELECT person_id, {start},
                           lag({end}) OVER own AS before, row_number() OVER own AS place
                      FROM {table} WINDOW own AS (PARTITION BY person_id ORDER BY {start}, {end}, id)) spans
             WHERE place > 1 AND (before IS NULL OR before > {start})""",  # noqa: S608  our own names
    )


def _unread(side: str, read_no: str, since: str) -> Invariant:
    """Unread since the first message of others beyond what the side has read; without one, not unread."""
    return Invariant(
        f"threads: {since} is when the first unread message was sent",
        f"""SELECT t.id, concat({since}, ' but the first unread message is of ',
                                coalesce(u.sent_at::text, 'never'))
              FROM dialogue_thread t
              LEFT JOIN (SELECT DISTINCT ON (m.thread_id) m.thread_id, m.sent_at
                           FROM dialogue_message m JOIN dialogue_thread o ON o.id = m.thread_id
                          WHERE m.number > o.{read_no} AND m.by_side <> '{side}'
                          ORDER BY m.thread_id, m.number) u ON u.thread_id = t.id
             WHERE t.{since} IS DISTINCT FROM u.sent_at""",  # noqa: S608  our own names
    )


INVARIANTS = (
    Invariant(
        "activities: one change for every version",
        """SELECT a.id, concat('version ', a.version, ' but ', coalesce(c.n, 0), ' changes up to ',
                               coalesce(c.top, 0))
             FROM plan_activity a
             LEFT JOIN (SELECT activity_id, count(*) AS n, max(version) AS top
                          FROM plan_activitychange GROUP BY activity_id) c ON c.activity_id = a.id
            WHERE (a.version, a.version) IS DISTINCT FROM (c.n, c.top)""",
    ),
    Invariant(
        "activities: status as the history ends",
        """SELECT a.id, concat(a.status, ' but the history ends with ', coalesce(c.status, 'none'))
             FROM plan_activity a
             LEFT JOIN (SELECT DISTINCT ON (activity_id) activity_id, changes->'status'->>1 AS status
                          FROM plan_activitychange WHERE changes->'status' IS NOT NULL
                         ORDER BY activity_id, version DESC) c ON c.activity_id = a.id
            WHERE a.status IS DISTINCT FROM c.status""",
    ),
    Invariant(
        "activities: in the plan of their own person",
        """SELECT a.id, concat('its period belongs to ', f.person_id)
             FROM plan_activity a JOIN people_followupperiod f ON f.id = a.period_id
            WHERE f.person_id <> a.person_id""",
    ),
    Invariant(
        "activities: historic when their period has ended, and not before",
        """SELECT a.id, concat('historic ', coalesce(a.historic_at::text, 'no'),
                               ', period ended ', coalesce(f.ended_at::text, 'no'))
             FROM plan_activity a JOIN people_followupperiod f ON f.id = a.period_id
            WHERE (a.historic_at IS NULL) <> (f.ended_at IS NULL)""",
    ),
    Invariant(
        "threads: messages counted, and numbered from 1 without holes",
        """SELECT t.id, concat('count ', t.message_count, ' but ', coalesce(m.n, 0), ' messages from ',
                               coalesce(m.low, 0), ' to ', coalesce(m.top, 0))
             FROM dialogue_thread t
             LEFT JOIN (SELECT thread_id, count(*) AS n, min(number) AS low, max(number) AS top
                          FROM dialogue_message GROUP BY thread_id) m ON m.thread_id = t.id
            WHERE (t.message_count, t.message_count, 1) IS DISTINCT FROM (m.n, m.top, m.low)""",
    ),
    Invariant(
        "threads: last_message_at as the newest message",
        """SELECT t.id, concat(t.last_message_at, ' but message ', m.number, ' is of ', m.sent_at)
             FROM dialogue_thread t
             JOIN dialogue_message m ON m.thread_id = t.id AND m.number = t.message_count
            WHERE t.last_message_at <> m.sent_at""",
    ),
    Invariant(
        "threads: in the plan of their own person, about an activity of that plan",
        """SELECT t.id, concat('period of ', f.person_id, ', activity of ',
                               coalesce(a.person_id::text, 'none'))
             FROM dialogue_thread t JOIN people_followupperiod f ON f.id = t.period_id
             LEFT JOIN plan_activity a ON a.id = t.activity_id
            WHERE f.person_id <> t.person_id OR a.person_id <> t.person_id""",
    ),
    Invariant(
        "threads: historic when their period has ended, and not before",
        """SELECT t.id, concat('historic ', coalesce(t.historic_at::text, 'no'),
                               ', period ended ', coalesce(f.ended_at::text, 'no'))
             FROM dialogue_thread t JOIN people_followupperiod f ON f.id = t.period_id
            WHERE (t.historic_at IS NULL) <> (f.ended_at IS NULL)""",
    ),
    Invariant(
        "threads: a historic one waits for nobody, and no wait is older than its thread",
        """SELECT id, concat('waits on Nav ', waits_on_nav_since, ', on the citizen ', waits_on_citizen_since)
             FROM dialogue_thread
            WHERE (historic_at IS NOT NULL
                   AND (waits_on_nav_since IS NOT NULL OR waits_on_citizen_since IS NOT NULL))
               OR least(waits_on_nav_since, waits_on_citizen_since) < created_at""",
    ),
    _unread("NAV", "nav_read_no", "nav_unread_since"),
    _unread("BRUKER", "citizen_read_no", "citizen_unread_since"),
    _present_is_open_row("office_id", "people_officehistory"),
    _present_is_open_row("level", "people_levelhistory"),
    _present_is_open_row("benefit", "people_benefithistory"),
    _no_overlap("follow-up periods", "people_followupperiod", "started_at", "ended_at"),
    _no_overlap("assignments", "people_assignment", "from_at", "to_at"),
    _no_overlap("offices in the history", "people_officehistory", "from_date", "to_date"),
    _no_overlap("levels in the history", "people_levelhistory", "from_date", "to_date"),
    _no_overlap("benefits in the history", "people_benefithistory", "from_date", "to_date"),
    _no_overlap("registrations in the history", "people_registrationhistory", "from_date", "to_date"),
)
