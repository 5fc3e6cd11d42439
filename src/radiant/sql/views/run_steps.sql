-- How far each run is, at every provider and public catalog: one row each, in the order (`step`) in which it became known.
CREATE VIEW run_steps AS
SELECT run_id, step, at, provider_id, NULL::text AS source, asking, complete, digest, counts, skipped, note, errors,
       NULL::text AS outcome, NULL::text AS error, duration_ms
  FROM sync_results
UNION ALL
SELECT run_id, step, at, NULL, source, outcome IS NULL, NULL, NULL, counts, NULL, NULL, NULL, outcome, error, duration_ms
  FROM source_results;
COMMENT ON VIEW run_steps IS 'How far each run is, at every provider and public catalog.';
