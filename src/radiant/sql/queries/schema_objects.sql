-- What this schema consists of, and how each object is defined, as PostgreSQL tells it.
SELECT 'table' AS kind, oid::regclass::text AS name, '' AS definition
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
UNION ALL
SELECT 'column', attrelid::regclass || '.' || attname,
       format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
       || coalesce(' ' || pg_get_expr(adbin, adrelid), '')
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'domain', oid::regtype::text, format_type(typbasetype, typtypmod)
  FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'd'
UNION ALL
SELECT 'constraint', coalesce(nullif(conrelid, 0)::regclass::text, contypid::regtype::text) || '.' || conname,
       pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype NOT IN ('n', 't')
UNION ALL
SELECT 'index', indrelid::regclass || '.' || relname, pg_get_indexdef(indexrelid)
  FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace
UNION ALL
SELECT CASE relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, oid::regclass::text, pg_get_viewdef(oid)
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')
UNION ALL
SELECT 'function', oid::regprocedure::text, pg_get_functiondef(oid)
  FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
UNION ALL
SELECT 'trigger', tgrelid::regclass || '.' || tgname,
       pg_get_triggerdef(pg_trigger.oid)
       || CASE tgenabled WHEN 'D' THEN ', disabled' WHEN 'A' THEN ', always enabled' WHEN 'R' THEN ', on replicas only' ELSE '' END
  FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
 WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal
ORDER BY 1, 2
