-- What was seen of a provider at one address says nothing of another: whoever corrects a base URL is not held by what the
-- wrong one answered. Rows are held in the order of all who change health. Writes with the rights of the owner: who may
-- correct a provider need not be granted its health as well.
CREATE FUNCTION forget_health() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE provider_health h
       SET status = 'unknown', reason = NULL, failures = 0, successes = 0, refusals = 0, failing_model = NULL,
           retry_at = NULL, last_traffic_at = NULL, error_rate = NULL, success_rate = NULL, avg_latency_ms = NULL,
           exact_latency_ms = NULL, p95_latency_ms = NULL, p99_latency_ms = NULL, avg_ttft_ms = NULL
      FROM (SELECT provider_id, region FROM provider_health
             WHERE provider_id = NEW.id ORDER BY provider_id, region FOR UPDATE) o
     WHERE h.provider_id = o.provider_id AND h.region = o.region;
    UPDATE model_health h
       SET fresh = false, status = 'unknown', reason = NULL, failures = 0, successes = 0, refusals = 0,
           circuit_failures = 0, circuit_reason = NULL, rests = 0, resting_until = NULL, resting_because = NULL,
           retry_at = NULL, last_traffic_at = NULL, error_rate = NULL, success_rate = NULL, avg_latency_ms = NULL,
           exact_latency_ms = NULL, p95_latency_ms = NULL, p99_latency_ms = NULL, avg_ttft_ms = NULL
      FROM (SELECT provider_id, model_id FROM model_health
             WHERE provider_id = NEW.id ORDER BY provider_id, model_id FOR UPDATE) o
     WHERE h.provider_id = o.provider_id AND h.model_id = o.model_id;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION forget_health() IS 'Makes the health of a provider unknown, and lets its models rest no longer, once its address is another.';

CREATE TRIGGER forget_health AFTER UPDATE OF api_base_url ON providers
    FOR EACH ROW WHEN (OLD.api_base_url IS DISTINCT FROM NEW.api_base_url) EXECUTE FUNCTION forget_health();
