-- is_imported --
-- One row where exactly this was the newest import of a source, and left so many facts where that is asked.
SELECT FROM fact_imports
 WHERE source = %(source)s AND digest = %(digest)s AND (%(facts)s::integer IS NULL OR facts = %(facts)s)

-- alone --
-- One writer at a time of the facts of one source.
SELECT pg_advisory_xact_lock(hashtext('facts:' || %(source)s))

-- make_incoming --
CREATE TEMPORARY TABLE incoming (
    entry text, field text, value jsonb, provider_id text, model_id text, reference text, source_date date
) ON COMMIT DROP

-- copy_incoming --
COPY incoming FROM STDIN

-- analyze_incoming --
ANALYZE incoming

-- merge --
-- Make the facts of one source those of the temporary table `incoming`, writing only what differs.
WITH gone AS (
    DELETE FROM facts f
     WHERE f.source = %(source)s
       AND NOT EXISTS (SELECT FROM incoming i WHERE i.entry = f.entry AND i.field = f.field)
    RETURNING 1
), written AS (
    INSERT INTO facts (source, entry, field, value, provider_id, model_id, reference, source_date)
    SELECT %(source)s, entry, field, value, provider_id, model_id, reference, source_date
      FROM incoming i
     WHERE NOT EXISTS (
        SELECT FROM facts f
         WHERE f.source = %(source)s AND f.entry = i.entry AND f.field = i.field AND f.value = i.value
           AND (f.provider_id, f.model_id, f.reference) IS NOT DISTINCT FROM (i.provider_id, i.model_id, i.reference)
           AND f.source_date IS NOT DISTINCT FROM i.source_date)
    ON CONFLICT (source, entry, field) DO UPDATE
        SET value = excluded.value, provider_id = excluded.provider_id, model_id = excluded.model_id,
            reference = excluded.reference, source_date = excluded.source_date,
            seen_at = CASE WHEN facts.value = excluded.value THEN facts.seen_at ELSE now() END
    RETURNING (xmax = 0) AS added
)
SELECT (SELECT count(*) FROM written WHERE added) AS added,
       (SELECT count(*) FROM written WHERE NOT added) AS changed,
       (SELECT count(*) FROM gone) AS removed

-- drop_incoming --
DROP TABLE incoming

-- record_import --
INSERT INTO fact_imports (source, digest, entries, facts, refused, source_date)
VALUES (%(source)s, %(digest)s, %(entries)s, %(facts)s, %(refused)s, %(source_date)s)
ON CONFLICT (source) DO UPDATE
   SET digest = excluded.digest, entries = excluded.entries, facts = excluded.facts, refused = excluded.refused,
       source_date = excluded.source_date, imported_at = excluded.imported_at,
       url = NULL, etag = NULL, last_modified = NULL, reader = NULL, good_until = NULL

-- about --
-- Every claim about one model, by field and source.
SELECT source, entry, field, value::text AS value, provider_id, model_id, reference, source_date, seen_at
  FROM facts
 WHERE provider_id = %(provider_id)s AND model_id = %(model_id)s
 ORDER BY field, source, entry

-- public --
-- What the imported catalogs say of many models at once.
SELECT source, entry, field, value::text AS value, provider_id, model_id, reference, source_date, seen_at
  FROM facts
  JOIN unnest(%(providers)s::text[], %(models)s::text[]) AS wanted (provider_id, model_id) USING (provider_id, model_id)
 WHERE NOT starts_with(source, 'curated')

-- of_providers --
-- What a source says of providers: fields that begin with `prefix`.
SELECT entry, field, value FROM facts WHERE source = %(source)s AND starts_with(field, %(prefix)s)

-- subjects --
-- The models a source speaks of, of these providers or of all.
SELECT DISTINCT provider_id, model_id FROM facts
 WHERE source = %(source)s AND model_id IS NOT NULL
   AND (%(providers)s::text[] IS NULL OR provider_id = ANY(%(providers)s))

-- claimed --
-- The models of a provider that some of these sources speak of, and which do.
SELECT model_id, array_agg(DISTINCT source ORDER BY source) AS sources FROM facts
 WHERE provider_id = %(provider)s AND source = ANY(%(sources)s) GROUP BY model_id

-- other_names --
-- Each id that a public catalog calls another name of a model.
SELECT DISTINCT provider_id, model_id, value #>> '{}' AS target FROM facts
 WHERE field = 'alias_of' AND model_id IS NOT NULL
 ORDER BY provider_id, model_id, target

-- of_source --
-- All that one source says.
SELECT entry, field, value::text AS value FROM facts WHERE source = %(source)s
