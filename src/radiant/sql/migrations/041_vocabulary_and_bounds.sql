-- Tasks and modalities stand once, and no row can hold what a reader cannot read: an endless date, a list of lists, a
-- text without end. Rows that do are brought within bounds first.

CREATE FUNCTION task_names() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY['chat', 'completion', 'embedding', 'image', 'video', 'audio', 'transcription', 'search', '3d',
        'inference', 'rerank', 'moderation', 'ocr', 'realtime', 'other'];
$$;
COMMENT ON FUNCTION task_names() IS 'Every task, which is what primary_mode may be. Constraints stand on this list.';

CREATE FUNCTION modality_names() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY['text', 'image', 'audio', 'video', 'file', '3d', 'volume', 'graph', 'mask', 'embedding', 'structured'];
$$;
COMMENT ON FUNCTION modality_names() IS 'What goes into models and comes out of them. Constraints stand on this list.';

CREATE FUNCTION is_time(timestamptz) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT $1 >= timestamptz '1970-01-01 00:00+00' AND $1 < timestamptz '2200-01-01 00:00+00';
$$;
COMMENT ON FUNCTION is_time(timestamptz) IS 'Whether this is a moment from 1970 to 2199.';

CREATE FUNCTION is_day(date) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT $1 >= date '1970-01-01' AND $1 < date '2200-01-01';
$$;
COMMENT ON FUNCTION is_day(date) IS 'Whether this is a day from 1970 to 2199.';

CREATE FUNCTION is_list(text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN array_ndims($1) > 1 THEN false
                ELSE cardinality($1) <= 200 AND array_position($1, NULL) IS NULL
                     AND length(array_to_string($1, '')) <= 100000 END;
$$;
COMMENT ON FUNCTION is_list(text[]) IS 'Whether this has one dimension, no NULL, at most 200 entries and 100,000 characters.';

CREATE FUNCTION is_short(jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT octet_length($1::text) <= 200000;
$$;
COMMENT ON FUNCTION is_short(jsonb) IS 'Whether this has at most 200,000 bytes as text.';

-- What a row is brought to that is out of bounds. One whose very key is too long goes.

CREATE FUNCTION pg_temp.within(timestamptz) RETURNS timestamptz LANGUAGE sql AS $$
    SELECT least(greatest($1, timestamptz '1970-01-01 00:00+00'), timestamptz '2199-12-31 00:00+00');
$$;
CREATE FUNCTION pg_temp.within(date) RETURNS date LANGUAGE sql AS $$
    SELECT CASE WHEN $1 < date '2200-01-01' THEN greatest($1, date '1970-01-01') END;
$$;
CREATE FUNCTION pg_temp.within(text[]) RETURNS text[] LANGUAGE sql AS $$
    SELECT ARRAY(SELECT left(it, 500) FROM unnest($1) WITH ORDINALITY AS u (it, position)
                  WHERE it IS NOT NULL ORDER BY position LIMIT 200);
$$;
CREATE FUNCTION pg_temp.modalities(text[]) RETURNS text[] LANGUAGE sql AS $$
    SELECT ARRAY(SELECT it FROM unnest($1) WITH ORDINALITY AS u (it, position)
                  WHERE it = ANY (public.modality_names()) GROUP BY it ORDER BY min(position));
$$;
CREATE FUNCTION pg_temp.within(jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE WHEN public.is_short($1) THEN $1 ELSE '{}' END;
$$;

UPDATE schema_migrations SET applied_at = pg_temp.within(applied_at) WHERE NOT is_time(applied_at);
ALTER TABLE schema_migrations ADD CONSTRAINT migration_time CHECK (is_time(applied_at));

UPDATE providers
   SET compliance = pg_temp.within(compliance), key_variables = pg_temp.within(key_variables),
       regions = pg_temp.within(regions), created_at = pg_temp.within(created_at),
       updated_at = pg_temp.within(updated_at), auth = pg_temp.within(auth), display_name = left(display_name, 500),
       api_base_url = left(api_base_url, 2000), litellm_prefix = left(litellm_prefix, 500),
       website = left(website, 2000), docs_url = left(docs_url, 2000), pricing_url = left(pricing_url, 2000),
       status_url = left(status_url, 2000), models_url = left(models_url, 2000)
 WHERE NOT (is_list(compliance) AND is_list(key_variables) AND is_list(regions) AND is_time(created_at) AND
       is_time(updated_at) AND length(display_name) <= 500 AND length(api_base_url) <= 2000 AND
       length(litellm_prefix) <= 500 AND length(website) <= 2000 AND length(docs_url) <= 2000 AND
       length(pricing_url) <= 2000 AND length(status_url) <= 2000 AND length(models_url) <= 2000 AND is_short(auth));
ALTER TABLE providers
    ADD CONSTRAINT provider_lists CHECK (is_list(compliance) AND is_list(key_variables) AND is_list(regions)),
    ADD CONSTRAINT provider_times CHECK (is_time(created_at) AND is_time(updated_at)),
    ADD CONSTRAINT provider_texts CHECK (length(display_name) <= 500 AND length(api_base_url) <= 2000 AND
        length(litellm_prefix) <= 500 AND length(website) <= 2000 AND length(docs_url) <= 2000 AND
        length(pricing_url) <= 2000 AND length(status_url) <= 2000 AND length(models_url) <= 2000 AND is_short(auth));

UPDATE models
   SET capabilities = pg_temp.within(capabilities), aliases = pg_temp.within(aliases),
       created_at = pg_temp.within(created_at), updated_at = pg_temp.within(updated_at),
       released = pg_temp.within(released), retires = pg_temp.within(retires),
       price_details = pg_temp.within(price_details), input_modalities = pg_temp.modalities(input_modalities),
       output_modalities = pg_temp.modalities(output_modalities), litellm_id = left(litellm_id, 600),
       name = left(name, 600), display_name = left(display_name, 600), description = left(description, 20000),
       category = left(category, 100)
 WHERE NOT (is_list(capabilities) AND is_list(aliases) AND is_list(input_modalities) AND
       input_modalities <@ modality_names() AND is_list(output_modalities) AND output_modalities <@ modality_names()
       AND is_time(created_at) AND is_time(updated_at) AND is_day(released) AND is_day(retires) AND
       length(litellm_id) <= 600 AND length(name) <= 600 AND length(display_name) <= 600 AND
       length(description) <= 20000 AND length(category) <= 100 AND is_short(price_details));
ALTER TABLE models
    DROP CONSTRAINT model_task,
    ADD CONSTRAINT model_task CHECK (primary_mode = ANY (task_names())),
    ADD CONSTRAINT model_lists CHECK (is_list(capabilities) AND is_list(aliases)),
    ADD CONSTRAINT model_modalities CHECK (is_list(input_modalities) AND input_modalities <@ modality_names() AND
        is_list(output_modalities) AND output_modalities <@ modality_names()),
    ADD CONSTRAINT model_times CHECK (is_time(created_at) AND is_time(updated_at)),
    ADD CONSTRAINT model_days CHECK (is_day(released) AND is_day(retires)),
    ADD CONSTRAINT model_texts CHECK (length(litellm_id) <= 600 AND length(name) <= 600 AND
        length(display_name) <= 600 AND length(description) <= 20000 AND length(category) <= 100 AND
        is_short(price_details));

UPDATE self_hosted_models
   SET capabilities = pg_temp.within(capabilities), input_formats = pg_temp.within(input_formats),
       output_formats = pg_temp.within(output_formats), license_conditions = pg_temp.within(license_conditions),
       created_at = pg_temp.within(created_at), updated_at = pg_temp.within(updated_at),
       environment = pg_temp.within(environment), license_rights = pg_temp.within(license_rights),
       upstream = pg_temp.within(upstream), input_modalities = pg_temp.modalities(input_modalities),
       output_modalities = pg_temp.modalities(output_modalities), name = left(name, 600),
       display_name = left(display_name, 600), description = left(description, 20000),
       specialty = left(specialty, 200), sagemaker_image = left(sagemaker_image, 2000),
       instance_type = left(instance_type, 200), model_data_url = left(model_data_url, 2000),
       benchmark = left(benchmark, 2000), license = left(license, 500), license_url = left(license_url, 2000),
       commercial_use_notes = left(commercial_use_notes, 20000), litellm_prefix = left(litellm_prefix, 200)
 WHERE NOT (is_list(capabilities) AND is_list(input_formats) AND is_list(output_formats) AND
       is_list(license_conditions) AND is_list(input_modalities) AND input_modalities <@ modality_names() AND
       is_list(output_modalities) AND output_modalities <@ modality_names() AND is_time(created_at) AND
       is_time(updated_at) AND length(name) <= 600 AND length(display_name) <= 600 AND length(description) <= 20000
       AND length(specialty) <= 200 AND length(sagemaker_image) <= 2000 AND length(instance_type) <= 200 AND
       length(model_data_url) <= 2000 AND length(benchmark) <= 2000 AND length(license) <= 500 AND
       length(license_url) <= 2000 AND length(commercial_use_notes) <= 20000 AND length(litellm_prefix) <= 200 AND
       is_short(environment) AND is_short(license_rights) AND is_short(upstream));
ALTER TABLE self_hosted_models
    DROP CONSTRAINT self_hosted_task,
    ADD CONSTRAINT self_hosted_task CHECK (primary_mode = ANY (task_names())),
    ADD CONSTRAINT self_hosted_lists CHECK (is_list(capabilities) AND is_list(input_formats) AND
        is_list(output_formats) AND is_list(license_conditions)),
    ADD CONSTRAINT self_hosted_modalities CHECK (is_list(input_modalities) AND input_modalities <@ modality_names()
        AND is_list(output_modalities) AND output_modalities <@ modality_names()),
    ADD CONSTRAINT self_hosted_times CHECK (is_time(created_at) AND is_time(updated_at)),
    ADD CONSTRAINT self_hosted_texts CHECK (length(name) <= 600 AND length(display_name) <= 600 AND
        length(description) <= 20000 AND length(specialty) <= 200 AND length(sagemaker_image) <= 2000 AND
        length(instance_type) <= 200 AND length(model_data_url) <= 2000 AND length(benchmark) <= 2000 AND
        length(license) <= 500 AND length(license_url) <= 2000 AND length(commercial_use_notes) <= 20000 AND
        length(litellm_prefix) <= 200 AND is_short(environment) AND is_short(license_rights) AND is_short(upstream));

UPDATE thermal_states
   SET last_activity = pg_temp.within(last_activity), last_state_change = pg_temp.within(last_state_change),
       updated_at = pg_temp.within(updated_at), error_message = left(error_message, 20000),
       updated_by = left(updated_by, 500)
 WHERE NOT (is_time(last_activity) AND is_time(last_state_change) AND is_time(updated_at) AND
       length(error_message) <= 20000 AND length(updated_by) <= 500);
ALTER TABLE thermal_states
    ADD CONSTRAINT thermal_times CHECK (is_time(last_activity) AND is_time(last_state_change) AND
        is_time(updated_at)),
    ADD CONSTRAINT thermal_texts CHECK (length(error_message) <= 20000 AND length(updated_by) <= 500);

DELETE FROM provider_health WHERE length(region) > 100;
UPDATE provider_health
   SET last_check_at = pg_temp.within(last_check_at), last_success_at = pg_temp.within(last_success_at),
       last_failure_at = pg_temp.within(last_failure_at), created_at = pg_temp.within(created_at),
       updated_at = pg_temp.within(updated_at), last_error = left(last_error, 20000)
 WHERE NOT (is_time(last_check_at) AND is_time(last_success_at) AND is_time(last_failure_at) AND is_time(created_at)
       AND is_time(updated_at) AND length(region) <= 100 AND length(last_error) <= 20000);
ALTER TABLE provider_health
    ADD CONSTRAINT health_times CHECK (is_time(last_check_at) AND is_time(last_success_at) AND
        is_time(last_failure_at) AND is_time(created_at) AND is_time(updated_at)),
    ADD CONSTRAINT health_texts CHECK (length(region) <= 100 AND length(last_error) <= 20000);

UPDATE registry_sync_log
   SET errors = pg_temp.within(errors), started_at = pg_temp.within(started_at),
       completed_at = pg_temp.within(completed_at), error_message = left(error_message, 20000)
 WHERE NOT (is_list(errors) AND is_time(started_at) AND is_time(completed_at) AND length(error_message) <= 20000);
ALTER TABLE registry_sync_log
    ADD CONSTRAINT sync_lists CHECK (is_list(errors)),
    ADD CONSTRAINT sync_times CHECK (is_time(started_at) AND is_time(completed_at)),
    ADD CONSTRAINT sync_texts CHECK (length(error_message) <= 20000);

UPDATE default_models
   SET updated_at = pg_temp.within(updated_at), model_id = left(model_id, 600)
 WHERE NOT (is_time(updated_at) AND length(model_id) <= 600);
ALTER TABLE default_models
    DROP CONSTRAINT default_task,
    ADD CONSTRAINT default_task CHECK (task = ANY (task_names())),
    ADD CONSTRAINT default_times CHECK (is_time(updated_at)),
    ADD CONSTRAINT default_texts CHECK (length(model_id) <= 600);

DELETE FROM overrides WHERE length(subject) > 700 OR length(field) > 100;
UPDATE overrides
   SET set_at = pg_temp.within(set_at), value = pg_temp.within(value), reason = left(reason, 20000),
       set_by = left(set_by, 500)
 WHERE NOT (is_time(set_at) AND length(subject) <= 700 AND length(field) <= 100 AND length(reason) <= 20000 AND
       length(set_by) <= 500 AND is_short(value));
ALTER TABLE overrides
    ADD CONSTRAINT override_times CHECK (is_time(set_at)),
    ADD CONSTRAINT override_texts CHECK (length(subject) <= 700 AND length(field) <= 100 AND length(reason) <= 20000
        AND length(set_by) <= 500 AND is_short(value));

UPDATE access_tokens
   SET created_at = pg_temp.within(created_at), revoked_at = pg_temp.within(revoked_at), name = left(name, 500)
 WHERE NOT (is_time(created_at) AND is_time(revoked_at) AND length(name) <= 500);
ALTER TABLE access_tokens
    ADD CONSTRAINT access_token_times CHECK (is_time(created_at) AND is_time(revoked_at)),
    ADD CONSTRAINT access_token_texts CHECK (length(name) <= 500);

DELETE FROM facts WHERE length(field) > 200 OR length(model_id) > 600;
UPDATE facts
   SET seen_at = pg_temp.within(seen_at), source_date = pg_temp.within(source_date), value = pg_temp.within(value),
       reference = left(reference, 5000)
 WHERE NOT (is_time(seen_at) AND is_day(source_date) AND length(field) <= 200 AND length(model_id) <= 600 AND
       length(reference) <= 5000 AND is_short(value));
ALTER TABLE facts
    ADD CONSTRAINT fact_times CHECK (is_time(seen_at)),
    ADD CONSTRAINT fact_days CHECK (is_day(source_date)),
    ADD CONSTRAINT fact_texts CHECK (length(field) <= 200 AND length(model_id) <= 600 AND length(reference) <= 5000
        AND is_short(value));

DELETE FROM fact_imports WHERE length(source) > 700;
UPDATE fact_imports
   SET imported_at = pg_temp.within(imported_at), source_date = pg_temp.within(source_date),
       digest = left(digest, 500)
 WHERE NOT (is_time(imported_at) AND is_day(source_date) AND length(source) <= 700 AND length(digest) <= 500);
ALTER TABLE fact_imports
    ADD CONSTRAINT fact_import_times CHECK (is_time(imported_at)),
    ADD CONSTRAINT fact_import_days CHECK (is_day(source_date)),
    ADD CONSTRAINT fact_import_texts CHECK (length(source) <= 700 AND length(digest) <= 500);

-- A measured number is one.
UPDATE self_hosted_models SET accuracy = NULL WHERE NOT accuracy BETWEEN -1e12 AND 1e12;
ALTER TABLE self_hosted_models ADD CONSTRAINT self_hosted_accuracy CHECK (accuracy BETWEEN -1e12 AND 1e12);
