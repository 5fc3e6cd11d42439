-- The counts of the registry as they are now. Models that can be chosen count; deprecated ones do not. Providers are
-- those of external models: one's own hardware is none.
CREATE VIEW registry_statistics AS
SELECT count(*) FILTER (WHERE hosting_type = 'external') AS external_count,
       count(*) FILTER (WHERE hosting_type = 'self_hosted') AS self_hosted_count,
       count(*) FILTER (WHERE health_status = 'healthy') AS healthy_count,
       count(*) FILTER (WHERE health_status = 'unhealthy') AS unhealthy_count,
       count(*) FILTER (WHERE thermal_state = 'HOT') AS hot_count,
       count(*) FILTER (WHERE thermal_state = 'WARM') AS warm_count,
       count(*) FILTER (WHERE thermal_state = 'COLD') AS cold_count,
       count(DISTINCT category) AS category_count,
       count(DISTINCT provider_id) FILTER (WHERE hosting_type = 'external') AS provider_count,
       count(*) FILTER (WHERE thermal_state = 'OFF') AS off_count
  FROM unified_model_registry
 WHERE NOT deprecated;
COMMENT ON VIEW registry_statistics IS 'The counts of the registry as they are now.';

-- The same as of the last run, for dashboards that must not count on every look.
CREATE MATERIALIZED VIEW unified_model_stats AS
SELECT true AS only_row, s.*, now() AS refreshed_at
  FROM registry_statistics s;
CREATE UNIQUE INDEX unified_model_stats_only_row ON unified_model_stats (only_row);
COMMENT ON MATERIALIZED VIEW unified_model_stats IS 'registry_statistics at the end of the last run.';
