--! compatible
-- What is asked at each look of whoever watches a registry is found by an index, however much history there is.
CREATE INDEX registry_sync_log_last ON registry_sync_log (sync_type, status, completed_at)
    WHERE NOT dry_run AND provider IS NULL AND worker IS NOT NULL;
CREATE INDEX discovered_models_pending ON discovered_models (provider_id) WHERE status = 'pending';

-- A run that is forgotten is looked for among the evidence.
CREATE INDEX model_evidence_by_run ON model_evidence (run_id) WHERE run_id IS NOT NULL;
