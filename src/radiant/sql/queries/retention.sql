-- events --
-- What is old, with its dead letters. A run that changed nothing is told, but not for as long; what a run of health or
-- warmth met and changed no status is of the hour.
DELETE FROM events
 WHERE seq IS NOT NULL
   AND (time < clock_timestamp() - make_interval(days => %(event_days)s)
        OR (time < clock_timestamp() - make_interval(days => %(uneventful_days)s)
            AND type = 'radiant.sync.completed'
            AND ARRAY[data ->> 'providers_updated', data ->> 'models_added', data ->> 'models_updated',
                      data ->> 'models_deprecated'] = ARRAY['0', '0', '0', '0']
            AND (data ->> 'errors' = '[]' OR data ->> 'sync_type' IN ('health', 'thermal'))
            AND NOT EXISTS (SELECT FROM source_results s
                             WHERE s.run_id::text = data ->> 'sync_id' AND s.outcome = 'imported')))

-- runs --
-- Results go with their run. One provider that fails is an error of every run of health, each five minutes: where it
-- changed no status (providers_updated counts those) it is nothing new. Kept is what says last of a kind, a provider or a public catalog how it went. MATERIALIZED,
-- or each would be counted again for each run: of 17,000 the first cleaning took more than half a minute in place of 0.2 s.
WITH newest AS MATERIALIZED (
    SELECT sync_type, status, provider, max(started_at) AS at FROM registry_sync_log WHERE NOT dry_run GROUP BY 1, 2, 3
), said AS MATERIALIZED (
    SELECT provider_id, max(at) FILTER (WHERE complete) AS whole, max(at) AS any
      FROM sync_results WHERE complete IS NOT NULL GROUP BY 1
), fetched AS MATERIALIZED (
    SELECT source, max(at) AS at FROM source_results WHERE outcome IS NOT NULL GROUP BY 1
)
DELETE FROM registry_sync_log l
 WHERE l.status <> 'running'
   AND (l.started_at < clock_timestamp() - make_interval(days => %(run_days)s)
        OR (l.started_at < clock_timestamp() - make_interval(days => %(uneventful_days)s)
            AND (l.dry_run
                 OR (l.status = 'completed' AND (l.errors = '{}' OR l.sync_type IN ('health', 'thermal'))
                     AND l.providers_updated = 0 AND l.models_added = 0 AND l.models_updated = 0 AND l.models_deprecated = 0
                     AND NOT EXISTS (SELECT FROM model_evidence e WHERE e.run_id = l.id)
                     AND NOT EXISTS (SELECT FROM source_results s WHERE s.run_id = l.id AND s.outcome = 'imported')))))
   AND (l.dry_run
        OR (l.started_at < (SELECT n.at FROM newest n WHERE n.sync_type = l.sync_type AND n.status = l.status
                                                        AND n.provider IS NOT DISTINCT FROM l.provider)
            AND NOT EXISTS (SELECT FROM sync_results r JOIN said USING (provider_id)
                             WHERE r.run_id = l.id AND r.at IN (said.whole, said.any))
            AND NOT EXISTS (SELECT FROM source_results s JOIN fetched USING (source, at) WHERE s.run_id = l.id)))

-- evidence --
-- That of models which are offered again; why one is deprecated or about to be is kept.
DELETE FROM model_evidence e
 WHERE e.at < clock_timestamp() - make_interval(days => %(run_days)s)
   AND NOT EXISTS (SELECT FROM models m
                    WHERE m.provider_id = e.provider_id AND m.model_id = e.model_id AND m.deprecated)
   AND NOT EXISTS (SELECT FROM discovered_models d
                    WHERE d.provider_id = e.provider_id AND d.model_id = e.model_id AND d.absent_since IS NOT NULL)

-- warmups --
DELETE FROM warmups WHERE ended_at < clock_timestamp() - make_interval(days => %(run_days)s)

-- thermal_history --
DELETE FROM thermal_history WHERE ended_at < clock_timestamp() - make_interval(days => %(run_days)s)

-- handovers --
DELETE FROM handovers WHERE hour < clock_timestamp() - make_interval(days => %(run_days)s)
