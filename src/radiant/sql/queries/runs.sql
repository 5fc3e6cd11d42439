-- record_completed --
-- A run that began and ended with the transaction around it.
INSERT INTO registry_sync_log (sync_type, status, providers_updated, models_added, models_updated, models_deprecated,
                               started_at, completed_at, duration_ms)
VALUES (%(sync_type)s, 'completed', %(providers)s, %(added)s, %(updated)s, %(deprecated)s, now(), clock_timestamp(),
        round(extract(epoch FROM clock_timestamp() - now()) * 1000))

-- newest --
SELECT * FROM registry_sync_log ORDER BY started_at DESC, id LIMIT %(limit)s
