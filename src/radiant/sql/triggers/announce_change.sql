-- Whoever holds a copy of the registry in memory is told of each change of what selection reads, and of nothing else:
-- a statement that changed no row, or only columns nobody selects by, is silent.
--
-- The arguments are the two columns of the key (the second may be ''), and then the columns that selection does not read.
-- A transaction has one version; what it announces is {"table": …, "version": …}, once per table. The same stands in
-- registry_changes for whoever missed it. Writes with the rights of the owner, as remember_override() does.
CREATE FUNCTION announce_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    most CONSTANT integer := 100;
    kept CONSTANT integer := 2000;
    unread text[] := TG_ARGV[2:];
    changed text[];
    this_transaction text := pg_current_xact_id()::text;
    noted text[] := string_to_array(current_setting('radiant.change', true), ' ');
    number bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(concat_ws('/', it.row ->> TG_ARGV[0], it.row ->> TG_ARGV[1])) INTO changed
          FROM (SELECT to_jsonb(r) AS row FROM new_rows r LIMIT most + 1) it;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(concat_ws('/', it.row ->> TG_ARGV[0], it.row ->> TG_ARGV[1])) INTO changed
          FROM (SELECT to_jsonb(r) AS row FROM old_rows r LIMIT most + 1) it;
    ELSIF TG_OP = 'UPDATE' THEN
        SELECT array_agg(concat_ws('/', it.row ->> TG_ARGV[0], it.row ->> TG_ARGV[1])) INTO changed
          FROM (
            (SELECT to_jsonb(r) - unread AS row FROM new_rows r EXCEPT SELECT to_jsonb(r) - unread FROM old_rows r)
            UNION ALL
            (SELECT to_jsonb(r) - unread FROM old_rows r EXCEPT SELECT to_jsonb(r) - unread FROM new_rows r)
          ) it;
    END IF;
    IF changed IS NULL AND TG_OP <> 'TRUNCATE' THEN
        RETURN NULL;
    END IF;
    changed := ARRAY(SELECT DISTINCT unnest(changed));
    IF TG_OP = 'TRUNCATE' OR cardinality(changed) > most THEN
        changed := NULL;
    END IF;
    IF noted[1] = this_transaction THEN
        number := noted[2];
    ELSE
        number := nextval('registry_changes_version_seq');
        PERFORM set_config('radiant.change', this_transaction || ' ' || number, true);
        -- Under the stricter levels a second pruner would make this transaction fail.
        IF number % 256 = 0 AND current_setting('transaction_isolation') = 'read committed'
           AND pg_try_advisory_xact_lock('registry_changes'::regclass::bigint) THEN
            WITH gone AS (
                DELETE FROM registry_changes
                 WHERE version <= number - kept AND changed_at < clock_timestamp() - interval '10 minutes'
                RETURNING version, source_table
            )
            UPDATE registry_changes_pruned p
               SET digest = p.digest # (SELECT coalesce(bit_xor(change_digest(source_table, version)), 0) FROM gone),
                   through = greatest(p.through, (SELECT max(version) FROM gone));
        END IF;
    END IF;
    INSERT INTO registry_changes AS c (version, source_table, keys) OVERRIDING SYSTEM VALUE
    VALUES (number, TG_TABLE_NAME, changed)
    ON CONFLICT (version, source_table) DO UPDATE
        SET keys = CASE WHEN excluded.keys IS NOT NULL THEN  -- with nothing joined to them they would stay as they were
                (SELECT CASE WHEN count(*) <= most THEN array_agg(key) END
                   FROM (SELECT DISTINCT unnest(c.keys || excluded.keys) AS key) it) END
      WHERE c.keys IS NOT NULL;
    PERFORM pg_notify('radiant_registry', json_build_object('table', TG_TABLE_NAME, 'version', number)::text);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION announce_change() IS 'Tells selectors which table changed in what they read.';

CREATE TRIGGER announce_insert AFTER INSERT ON providers REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('id', '');
CREATE TRIGGER announce_update AFTER UPDATE ON providers REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('id', '',
        'api_base_url', 'auth', 'catalog', 'contact', 'created_at', 'docs_url', 'litellm_prefix', 'models_url',
        'pricing_url', 'regions', 'status_url', 'updated_at', 'website');
CREATE TRIGGER announce_delete AFTER DELETE ON providers REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('id', '');
CREATE TRIGGER announce_truncate AFTER TRUNCATE ON providers
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('id', '');

CREATE TRIGGER announce_insert AFTER INSERT ON models REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('provider_id', 'model_id');
CREATE TRIGGER announce_update AFTER UPDATE ON models REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('provider_id', 'model_id',
        'catalog', 'created_at', 'description', 'litellm_known', 'name', 'origin', 'released', 'updated_at');
CREATE TRIGGER announce_delete AFTER DELETE ON models REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('provider_id', 'model_id');
CREATE TRIGGER announce_truncate AFTER TRUNCATE ON models
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('provider_id', 'model_id');

CREATE TRIGGER announce_insert AFTER INSERT ON self_hosted_models REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('model_id', '');
CREATE TRIGGER announce_update AFTER UPDATE ON self_hosted_models REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('model_id', '',
        'accuracy', 'attribution_required', 'benchmark', 'catalog', 'commercial_use_notes', 'created_at',
        'default_thermal_state', 'description', 'environment', 'hourly_rate', 'input_formats', 'key_variables', 'license_rights',
        'license_url', 'max_instances', 'min_instances', 'model_context_window', 'model_data_url', 'name', 'origin',
        'output_formats', 'parameters', 'per_3d_model', 'per_image', 'per_minute_audio', 'per_minute_video',
        'per_request', 'sagemaker_image', 'scale_to_zero_minutes', 'serving',
        'serving_note', 'specialty', 'status', 'updated_at', 'upstream');
CREATE TRIGGER announce_delete AFTER DELETE ON self_hosted_models REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('model_id', '');
CREATE TRIGGER announce_truncate AFTER TRUNCATE ON self_hosted_models
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('model_id', '');

CREATE TRIGGER announce_insert AFTER INSERT ON thermal_states REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('model_id', '');
CREATE TRIGGER announce_update AFTER UPDATE ON thermal_states REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('model_id', '',
        'cool_asked_at', 'error_message', 'instance_count', 'last_activity', 'last_state_change', 'target_state',
        'updated_at', 'updated_by', 'warmup_slow_seconds', 'why');
CREATE TRIGGER announce_delete AFTER DELETE ON thermal_states REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('model_id', '');
CREATE TRIGGER announce_truncate AFTER TRUNCATE ON thermal_states
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('model_id', '');

CREATE TRIGGER announce_insert AFTER INSERT ON endpoints REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('model_id', '');
CREATE TRIGGER announce_update AFTER UPDATE ON endpoints REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('model_id', '',
        'created_at', 'max_instances', 'may_create', 'min_instances', 'options', 'region', 'secret_env', 'updated_at');
CREATE TRIGGER announce_delete AFTER DELETE ON endpoints REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('model_id', '');
CREATE TRIGGER announce_truncate AFTER TRUNCATE ON endpoints
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('model_id', '');

CREATE TRIGGER announce_insert AFTER INSERT ON provider_health REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('provider_id', 'region');
CREATE TRIGGER announce_update AFTER UPDATE ON provider_health REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('provider_id', 'region',
        'avg_ttft_ms', 'created_at', 'exact_latency_ms', 'failing_model', 'failures', 'last_check_at', 'last_error',
        'last_failure_at', 'last_success_at', 'last_traffic_at', 'p95_latency_ms', 'p99_latency_ms', 'reason',
        'refusals', 'retry_at', 'success_rate', 'successes', 'updated_at');
CREATE TRIGGER announce_delete AFTER DELETE ON provider_health REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('provider_id', 'region');
CREATE TRIGGER announce_truncate AFTER TRUNCATE ON provider_health
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('provider_id', 'region');

CREATE TRIGGER announce_insert AFTER INSERT ON model_health REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('provider_id', 'model_id');
CREATE TRIGGER announce_update AFTER UPDATE ON model_health REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('provider_id', 'model_id',
        'avg_ttft_ms', 'circuit_failures', 'circuit_reason', 'created_at', 'exact_latency_ms', 'failures',
        'last_check_at', 'last_error', 'last_failure_at', 'last_success_at', 'last_traffic_at', 'p95_latency_ms',
        'p99_latency_ms', 'reason', 'refusals', 'rests', 'retry_at', 'success_rate', 'successes', 'updated_at');
CREATE TRIGGER announce_delete AFTER DELETE ON model_health REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('provider_id', 'model_id');
CREATE TRIGGER announce_truncate AFTER TRUNCATE ON model_health
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('provider_id', 'model_id');

CREATE TRIGGER announce_insert AFTER INSERT ON default_models REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('task', '');
CREATE TRIGGER announce_update AFTER UPDATE ON default_models REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('task', '',
        'catalog', 'successor', 'updated_at');
CREATE TRIGGER announce_delete AFTER DELETE ON default_models REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('task', '');
CREATE TRIGGER announce_truncate AFTER TRUNCATE ON default_models
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change('task', '');

-- Also where a session plays the replica: a copy in memory does not care how a row came.
DO $$
DECLARE
    it record;
BEGIN
    FOR it IN SELECT tgrelid::regclass AS its_table, tgname FROM pg_trigger WHERE tgfoid = 'announce_change'::regproc LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', it.its_table, it.tgname);
    END LOOP;
END $$;
