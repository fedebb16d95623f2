"""What the web role may do with each table, said once; applied after every migration.

All tables: SELECT, INSERT, UPDATE, DELETE, except those that are append-only, which the web role can
neither change nor delete from: a fault in the program can't rewrite history.
"""

from django.db import connection

from dap.access.housekeeping import ensure_audit_partitions
from dap.core.database import ERASE, ROLES, WEB

APPEND_ONLY = frozenset(
    {
        "access_auditentry",
        "plan_goal",
        "plan_activitychange",
        "dialogue_message",
        "dialogue_threadevent",
    }
)
HIDDEN = frozenset({"django_migrations"})
"""Tables that only the owner needs."""


def apply() -> None:
    """Give the web role its rights on all tables, as the owner. Safe to run again."""
    web, erase = ROLES[WEB], ROLES[ERASE]
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {web}, {erase}")
        for table in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"REVOKE ALL ON {quoted} FROM {web}")
            if table in HIDDEN:
                continue
            rights = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
            cursor.execute(f"GRANT {rights} ON {quoted} TO {web}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {web}")
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {web}")
    ensure_audit_partitions()
