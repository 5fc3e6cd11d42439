-- said --
-- What people said of public catalogs.
SELECT id, enabled, url FROM public_sources ORDER BY id

-- say --
-- What is NULL stays; an empty address is the public one again.
INSERT INTO public_sources (id, enabled, url)
VALUES (%(id)s, coalesce(%(enabled)s, false), nullif(%(url)s::text, ''))
ON CONFLICT (id) DO UPDATE
   SET enabled = coalesce(%(enabled)s, public_sources.enabled),
       url = CASE WHEN %(url)s::text IS NULL THEN public_sources.url ELSE excluded.url END

-- states --
-- Of each public catalog its newest import, and its newest result in a run that wrote.
SELECT coalesce(i.source, last.source) AS source, i.entries, i.facts, i.imported_at,
       last.at AS last_attempt, last.outcome, last.error
  FROM fact_imports i
  FULL JOIN (SELECT DISTINCT ON (r.source) r.source, r.at, r.outcome, r.error
               FROM source_results r JOIN registry_sync_log l ON l.id = r.run_id
              WHERE r.outcome IS NOT NULL AND NOT l.dry_run ORDER BY r.source, r.at DESC) last ON last.source = i.source

-- imported_from --
-- How the newest import of a source was fetched, where it was.
SELECT url, etag, last_modified, reader, good_until, entries FROM fact_imports WHERE source = %(source)s

-- remember --
-- Note how the newest import was fetched; writes only what differs.
UPDATE fact_imports
   SET url = %(url)s, etag = %(etag)s, last_modified = %(last_modified)s, reader = %(reader)s,
       good_until = %(good_until)s::date
 WHERE source = %(source)s
   AND (url, etag, last_modified, reader, good_until) IS DISTINCT FROM
       (%(url)s::text, %(etag)s::text, %(last_modified)s::text, %(reader)s::text, %(good_until)s::date)

-- keep_step --
-- One row per public catalog. What is known already gets no new number, and what is done is fetched no more.
INSERT INTO source_results (run_id, source, outcome, counts, error, duration_ms, step)
VALUES (%(run)s, %(source)s, %(outcome)s, %(counts)s::jsonb, %(error)s, %(duration_ms)s,
        (SELECT coalesce(max(step), 0) + 1 FROM run_steps WHERE run_id = %(run)s))
ON CONFLICT (run_id, source) DO UPDATE
   SET outcome = excluded.outcome, counts = excluded.counts, error = excluded.error,
       duration_ms = excluded.duration_ms, step = excluded.step, at = clock_timestamp()
 WHERE excluded.outcome IS NOT NULL
   AND (source_results.outcome, source_results.counts, source_results.error, source_results.duration_ms)
       IS DISTINCT FROM (excluded.outcome, excluded.counts, excluded.error, excluded.duration_ms)

-- results --
-- What a run found at each public catalog.
SELECT source, outcome, counts, error, duration_ms FROM source_results
 WHERE run_id = %(run)s AND outcome IS NOT NULL ORDER BY source
