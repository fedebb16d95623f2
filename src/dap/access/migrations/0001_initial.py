"""The audit log: a table partitioned by month, so that old months can be put away whole."""

import django.contrib.postgres.fields
from django.db import migrations, models

# Partitions are made by a function of the owner's, which the web role may call but not change:
# the worker makes the coming months' ahead of time and needs no right to make tables.
CREATE = """
CREATE TABLE access_auditentry (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    actor_key varchar(60) NOT NULL,
    what varchar(80) NOT NULL,
    people uuid[] NOT NULL,
    allowed boolean NOT NULL,
    reason varchar(40) NOT NULL,
    as_citizen boolean NOT NULL,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX audit_people ON access_auditentry USING gin (people);
CREATE INDEX audit_actor ON access_auditentry (actor_key, at);
CREATE TABLE access_auditentry_rest PARTITION OF access_auditentry DEFAULT;

CREATE FUNCTION access_ensure_audit_partitions() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    month date := date_trunc('month', now())::date;
    made integer := 0;
    partition text;
BEGIN
    FOR i IN 0..3 LOOP
        partition := format('access_auditentry_%s', to_char(month, 'YYYY_MM'));
        IF to_regclass('public.' || partition) IS NULL
           AND NOT EXISTS (
               SELECT FROM public.access_auditentry_rest WHERE at >= month AND at < month + interval '1 month'
           ) THEN
            EXECUTE format(
                'CREATE TABLE public.%I PARTITION OF public.access_auditentry FOR VALUES FROM (%L) TO (%L)',
                partition, month, (month + interval '1 month')::date
            );
            made := made + 1;
        END IF;
        month := (month + interval '1 month')::date;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION access_ensure_audit_partitions() FROM PUBLIC;
"""
DROP = "DROP FUNCTION access_ensure_audit_partitions(); DROP TABLE access_auditentry;"


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor_key", models.CharField(max_length=60)),
                ("what", models.CharField(max_length=80)),
                (
                    "people",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
                ("allowed", models.BooleanField()),
                ("reason", models.CharField(default="", max_length=40)),
                ("as_citizen", models.BooleanField(default=False)),
            ],
            options={"db_table": "access_auditentry", "managed": False},
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
