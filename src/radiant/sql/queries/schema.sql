-- alone --
-- One process at a time migrates a database.
SELECT pg_advisory_xact_lock(%(lock)s)

-- in_public --
SET LOCAL search_path TO public

-- as_service --
-- What this transaction writes is no override.
SET LOCAL radiant.writer = 'service'

-- announce --
SELECT announce_everything()

-- books --
-- Whether there is a registry, or another program's table of the same name.
SELECT to_regclass('public.schema_migrations') AS books, to_regclass('public.schema_code') AS ours

-- applied --
-- What is on record. The books of the first release had no `compatible`, and no bounds.
SELECT version, name, applied_by, coalesce((to_jsonb(m) -> 'compatible')::boolean, false) AS compatible,
       least(greatest(applied_at, '1970-01-01 00:00+00'), '2199-12-31 00:00+00') AS applied_at
  FROM public.schema_migrations m
 ORDER BY version COLLATE "C"

-- apply --
INSERT INTO schema_migrations (version, name, compatible) VALUES (%(version)s, %(name)s, %(compatible)s)

-- code_version --
-- One row where the code was completed. The books of the first release had no `version`.
SELECT DISTINCT digest, coalesce(to_jsonb(c) ->> 'version', '0')::integer AS version FROM public.schema_code c

-- code --
SELECT kind, name FROM schema_code ORDER BY position DESC

-- forget_code --
DELETE FROM schema_code

-- record_code --
INSERT INTO schema_code (position, kind, name, digest, version)
VALUES (%(position)s, %(kind)s, %(name)s, %(digest)s, %(version)s)

-- identity --
-- How a function just made is told from others of its name.
SELECT oid::regprocedure::text AS identity
  FROM pg_proc WHERE proname = %(name)s AND pronamespace = 'public'::regnamespace
 ORDER BY oid DESC LIMIT 1

-- grants --
-- What people were granted on code.
SELECT s.kind, s.name, a.privilege_type AS privilege, a.is_grantable AS grantable,
       CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee) END AS grantee
  FROM schema_code s
 CROSS JOIN LATERAL (
    SELECT c.relacl AS acl, c.relowner AS owner FROM pg_class c
     WHERE c.oid = CASE WHEN s.kind IN ('VIEW', 'MATERIALIZED VIEW') THEN to_regclass(s.name) END
    UNION ALL
    SELECT p.proacl, p.proowner FROM pg_proc p
     WHERE p.oid = CASE WHEN s.kind = 'FUNCTION' THEN to_regprocedure(s.name) END
 ) o
 CROSS JOIN LATERAL aclexplode(o.acl) a
 WHERE a.grantee <> o.owner AND NOT (s.kind = 'FUNCTION' AND a.grantee = 0)

-- may_compare --
-- Whether there is a record of the objects, and whether this role may read it.
SELECT to_regclass('public.schema_objects') IS NULL AS gone,
       coalesce(has_table_privilege(to_regclass('public.schema_objects'), 'SELECT'), false) AS ours

-- recorded --
SELECT kind, name, definition, server FROM public.schema_objects ORDER BY kind, name

-- missing --
-- What is on record and gone, of what a reader needs, told by name. One row without a name where nothing is on record.
WITH ours AS (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'jobs')), present AS (
    SELECT 'table' AS kind, oid::regclass::text AS name
      FROM pg_class WHERE relnamespace IN (SELECT oid FROM ours) AND relkind = 'r'
    UNION ALL
    SELECT 'column', attrelid::regclass || '.' || attname
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
     WHERE relnamespace IN (SELECT oid FROM ours) AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT CASE relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, oid::regclass::text
      FROM pg_class WHERE relnamespace IN (SELECT oid FROM ours) AND relkind IN ('v', 'm')
    UNION ALL
    SELECT 'function', oid::regprocedure::text
      FROM pg_proc WHERE pronamespace IN (SELECT oid FROM ours) AND prokind = 'f'
)
SELECT kind, name FROM public.schema_objects
 WHERE kind IN ('table', 'column', 'view', 'materialized view', 'function') AND NOT starts_with(name, 'jobs.')
   AND (kind, name) NOT IN (SELECT kind, name FROM present)
UNION ALL
SELECT NULL, NULL WHERE NOT EXISTS (SELECT FROM public.schema_objects)
 ORDER BY 1, 2

-- forget_objects --
DELETE FROM schema_objects
 WHERE (kind, name) NOT IN (SELECT * FROM unnest(%(kinds)s::text[], %(names)s::text[]))

-- record_object --
INSERT INTO schema_objects (kind, name, definition, server)
VALUES (%(kind)s, %(name)s, %(definition)s, %(server)s)

-- unfinished_jobs --
-- What waits or runs, once for each thing to do.
SELECT DISTINCT ON (coalesce(queueing_lock, id::text)) queue_name, task_name, priority, lock, queueing_lock, args::text
  FROM jobs.procrastinate_jobs
 WHERE status::text IN ('todo', 'doing')
 ORDER BY coalesce(queueing_lock, id::text), id

-- drop_jobs --
-- All that procrastinate made; the schema itself may be another's, and stays.
DO $$
DECLARE
    made record;
BEGIN
    IF to_regnamespace('jobs') IS NULL THEN
        CREATE SCHEMA jobs;
    END IF;
    FOR made IN
        SELECT format('DROP TABLE IF EXISTS %s CASCADE', oid::regclass) AS statement, 1 AS step FROM pg_class
         WHERE relnamespace = 'jobs'::regnamespace AND relkind = 'r' AND relname LIKE 'procrastinate%'
        UNION ALL
        SELECT format('DROP FUNCTION IF EXISTS %s CASCADE', oid::regprocedure), 2 FROM pg_proc
         WHERE pronamespace = 'jobs'::regnamespace AND proname LIKE 'procrastinate%'
        UNION ALL
        SELECT format('DROP TYPE IF EXISTS %s CASCADE', oid::regtype), 3 FROM pg_type
         WHERE typnamespace = 'jobs'::regnamespace AND typname LIKE 'procrastinate%'
           AND (typtype = 'e' OR typtype = 'c' AND (SELECT relkind FROM pg_class WHERE oid = typrelid) = 'c')
        ORDER BY 2, 1
    LOOP
        EXECUTE made.statement;
    END LOOP;
END
$$

-- put_back --
SELECT jobs.procrastinate_defer_jobs_v1(ARRAY[
    ROW(%(queue_name)s, %(task_name)s, %(priority)s, %(lock)s, %(queueing_lock)s, %(args)s::jsonb,
        NULL)::jobs.procrastinate_job_to_defer_v1
])

-- among_jobs --
-- The functions of procrastinate name their tables without a schema.
SET LOCAL search_path TO jobs, public

-- objects --
-- What the schema consists of, that of the jobs too, and how each object is defined, as PostgreSQL tells it.
WITH ours AS (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'jobs'))
SELECT 'table' AS kind, oid::regclass::text AS name, '' AS definition
  FROM pg_class WHERE relnamespace IN (SELECT oid FROM ours) AND relkind = 'r'
UNION ALL
SELECT 'column', attrelid::regclass || '.' || attname,
       format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
       || coalesce(' ' || pg_get_expr(adbin, adrelid), '')
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
 WHERE relnamespace IN (SELECT oid FROM ours) AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'domain', oid::regtype::text, format_type(typbasetype, typtypmod)
  FROM pg_type WHERE typnamespace IN (SELECT oid FROM ours) AND typtype = 'd'
UNION ALL
SELECT 'enum', enumtypid::regtype::text, string_agg(enumlabel, ', ' ORDER BY enumsortorder)
  FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid WHERE typnamespace IN (SELECT oid FROM ours) GROUP BY enumtypid
UNION ALL
SELECT 'constraint', coalesce(nullif(conrelid, 0)::regclass::text, contypid::regtype::text) || '.' || conname,
       pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace IN (SELECT oid FROM ours) AND contype NOT IN ('n', 't')
UNION ALL
SELECT 'index', indrelid::regclass || '.' || relname, pg_get_indexdef(indexrelid)
  FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace IN (SELECT oid FROM ours)
UNION ALL
SELECT CASE relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, oid::regclass::text, pg_get_viewdef(oid)
  FROM pg_class WHERE relnamespace IN (SELECT oid FROM ours) AND relkind IN ('v', 'm')
UNION ALL
SELECT 'function', oid::regprocedure::text, pg_get_functiondef(oid)
  FROM pg_proc WHERE pronamespace IN (SELECT oid FROM ours) AND prokind = 'f'
UNION ALL
SELECT 'trigger', tgrelid::regclass || '.' || tgname,
       pg_get_triggerdef(pg_trigger.oid)
       || CASE tgenabled WHEN 'D' THEN ', disabled' WHEN 'A' THEN ', always enabled' WHEN 'R' THEN ', on replicas only' ELSE '' END
  FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
 WHERE relnamespace IN (SELECT oid FROM ours) AND NOT tgisinternal
ORDER BY 1, 2
