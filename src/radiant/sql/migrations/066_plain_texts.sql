--! compatible
-- What has to be there says something, and no text holds a sign that nobody sees: a name of blanks, a list that starts
-- at 2, an empty entry, a line end or a change of direction within a name. Rows that do are brought to what is meant.

CREATE FUNCTION is_text(text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT $1 COLLATE "C" !~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]';
$$;
COMMENT ON FUNCTION is_text(text) IS 'Whether this has no control characters but tabs and ends of lines.';

CREATE FUNCTION is_name(text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT $1 COLLATE "C" ~ '[^ \u00a0\u2000-\u200f\u202f\u205f\u3000\ufeff]'
       AND $1 COLLATE "C" !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]';
$$;
COMMENT ON FUNCTION is_name(text) IS 'Whether this says something, on one line, without control characters.';

CREATE FUNCTION are_names(text[]) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    -- One text to look through is several times as fast as one look at each entry.
    mark CONSTANT text := chr(31);
    joined CONSTANT text := array_to_string($1, mark, '');
BEGIN
    RETURN cardinality($1) = 0
        OR (joined COLLATE "C" !~ '[\u0001-\u001e\u007f-\u009f\u2028-\u202e\u2066-\u2069]'
            AND joined COLLATE "C" !~ '(^|\u001f)[ \u00a0\u2000-\u200f\u202f\u205f\u3000\ufeff]*(\u001f|$)'
            AND length(joined) - length(replace(joined, mark, '')) = cardinality($1) - 1);
END $$;
COMMENT ON FUNCTION are_names(text[]) IS 'Whether each entry is_name().';

-- What is brought to what.

CREATE FUNCTION pg_temp.texts(text) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace($1 COLLATE "C", '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]', ' ', 'g');
$$;
CREATE FUNCTION pg_temp.named(text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN is_name($1) THEN $1 WHEN is_name(it) THEN btrim(it) END
      FROM regexp_replace($1 COLLATE "C", '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]', ' ', 'g') AS it;
$$;
CREATE FUNCTION pg_temp.listed(text[]) RETURNS text[] LANGUAGE sql AS $$
    SELECT ARRAY(SELECT pg_temp.texts(it) FROM unnest($1) WITH ORDINALITY AS u (it, position)
                  WHERE btrim(it) <> '' ORDER BY position);
$$;
CREATE FUNCTION pg_temp.names(text[]) RETURNS text[] LANGUAGE sql AS $$
    SELECT ARRAY(SELECT pg_temp.named(it) FROM unnest($1) WITH ORDINALITY AS u (it, position)
                  WHERE pg_temp.named(it) IS NOT NULL ORDER BY position);
$$;

-- A key that nobody can type is made one that can be; the row's own id keeps two of them apart.
UPDATE models SET model_id = concat_ws('-', left(pg_temp.named(model_id), 400), id) WHERE NOT is_name(model_id);
UPDATE self_hosted_models SET model_id = concat_ws('-', left(pg_temp.named(model_id), 60), id)
 WHERE NOT is_name(model_id);
UPDATE catalogs SET name = coalesce(pg_temp.named(name), 'unnamed') || '-' || left(md5(name), 8) WHERE NOT is_name(name);

UPDATE providers
   SET display_name = coalesce(pg_temp.named(display_name), id), litellm_prefix = pg_temp.named(litellm_prefix),
       api_base_url = pg_temp.texts(api_base_url), website = pg_temp.texts(website),
       docs_url = pg_temp.texts(docs_url), pricing_url = pg_temp.texts(pricing_url),
       status_url = pg_temp.texts(status_url), models_url = pg_temp.texts(models_url),
       compliance = pg_temp.names(compliance), declared_compliance = pg_temp.names(declared_compliance),
       key_variables = pg_temp.names(key_variables), regions = pg_temp.names(regions);
ALTER TABLE providers
    ADD CONSTRAINT provider_names CHECK (is_name(display_name) AND is_name(litellm_prefix)),
    ADD CONSTRAINT provider_plain_texts CHECK (is_text(api_base_url) AND is_text(website) AND is_text(docs_url)
        AND is_text(pricing_url) AND is_text(status_url) AND is_text(models_url)),
    ADD CONSTRAINT provider_named_lists CHECK (are_names(compliance) AND are_names(declared_compliance)
        AND are_names(key_variables) AND are_names(regions));

UPDATE models
   SET name = coalesce(pg_temp.named(name), model_id), display_name = coalesce(pg_temp.named(display_name), model_id),
       category = coalesce(pg_temp.named(category), 'other'), litellm_id = pg_temp.named(litellm_id),
       successor = pg_temp.named(successor), description = pg_temp.texts(description),
       capabilities = pg_temp.names(capabilities), aliases = pg_temp.names(aliases), doubts = pg_temp.listed(doubts),
       input_modalities = pg_temp.names(input_modalities), output_modalities = pg_temp.names(output_modalities)
 WHERE (is_name(name) AND is_name(display_name) AND is_name(category) AND is_text(description)
        AND is_name(coalesce(litellm_id, 'none')) AND is_name(coalesce(successor, 'none'))
        AND are_names(capabilities) AND are_names(aliases) AND are_names(doubts)
        AND coalesce(array_lower(capabilities, 1), 1) = 1 AND coalesce(array_lower(aliases, 1), 1) = 1
        AND coalesce(array_lower(doubts, 1), 1) = 1 AND coalesce(array_lower(input_modalities, 1), 1) = 1
        AND coalesce(array_lower(output_modalities, 1), 1) = 1) IS NOT TRUE;
ALTER TABLE models
    ADD CONSTRAINT model_names CHECK (is_name(model_id) AND is_name(name) AND is_name(display_name)
        AND is_name(category) AND is_name(litellm_id) AND is_name(successor)),
    ADD CONSTRAINT model_plain_texts CHECK (is_text(description)),
    ADD CONSTRAINT model_named_lists CHECK (are_names(capabilities) AND are_names(aliases));

UPDATE self_hosted_models
   SET name = coalesce(pg_temp.named(name), model_id), display_name = coalesce(pg_temp.named(display_name), model_id),
       specialty = pg_temp.named(specialty), instance_type = pg_temp.named(instance_type),
       license = pg_temp.named(license), litellm_prefix = pg_temp.named(litellm_prefix),
       description = pg_temp.texts(description), sagemaker_image = pg_temp.texts(sagemaker_image),
       model_data_url = pg_temp.texts(model_data_url), benchmark = pg_temp.texts(benchmark),
       license_url = pg_temp.texts(license_url), commercial_use_notes = pg_temp.texts(commercial_use_notes),
       serving_note = pg_temp.texts(serving_note), capabilities = pg_temp.names(capabilities),
       input_formats = pg_temp.names(input_formats), output_formats = pg_temp.names(output_formats),
       key_variables = pg_temp.names(key_variables), license_conditions = pg_temp.listed(license_conditions),
       input_modalities = pg_temp.names(input_modalities), output_modalities = pg_temp.names(output_modalities);
ALTER TABLE self_hosted_models
    ADD CONSTRAINT self_hosted_names CHECK (is_name(model_id) AND is_name(name) AND is_name(display_name)
        AND is_name(specialty) AND is_name(instance_type) AND is_name(license) AND is_name(litellm_prefix)),
    ADD CONSTRAINT self_hosted_plain_texts CHECK (is_text(description) AND is_text(sagemaker_image)
        AND is_text(model_data_url) AND is_text(benchmark) AND is_text(license_url) AND is_text(commercial_use_notes)
        AND is_text(serving_note)),
    ADD CONSTRAINT self_hosted_named_lists CHECK (are_names(capabilities) AND are_names(input_formats)
        AND are_names(output_formats) AND are_names(key_variables));

UPDATE thermal_states
   SET error_message = pg_temp.texts(error_message), updated_by = coalesce(pg_temp.named(updated_by), 'registry')
 WHERE (is_text(coalesce(error_message, '')) AND is_name(updated_by)) IS NOT TRUE;
ALTER TABLE thermal_states ADD CONSTRAINT thermal_plain_texts CHECK (is_text(error_message) AND is_name(updated_by));

DELETE FROM provider_health WHERE NOT is_name(region);
UPDATE provider_health SET last_error = pg_temp.texts(last_error) WHERE NOT is_text(last_error);
ALTER TABLE provider_health ADD CONSTRAINT health_plain_texts CHECK (is_name(region) AND is_text(last_error));

UPDATE registry_sync_log SET errors = pg_temp.listed(errors), error_message = pg_temp.texts(error_message);
ALTER TABLE registry_sync_log ADD CONSTRAINT sync_plain_texts CHECK (is_text(error_message));

DELETE FROM default_models WHERE NOT is_name(model_id);
ALTER TABLE default_models ADD CONSTRAINT default_names CHECK (is_name(model_id));

UPDATE access_tokens SET name = coalesce(pg_temp.named(name), 'unnamed') WHERE NOT is_name(name);
ALTER TABLE access_tokens ADD CONSTRAINT access_token_names CHECK (is_name(name));

UPDATE catalogs SET version = pg_temp.texts(version), folder = pg_temp.texts(folder), seeded_by = pg_temp.texts(seeded_by)
 WHERE NOT (is_text(coalesce(version, '')) AND is_text(coalesce(folder, '')) AND is_text(seeded_by));
ALTER TABLE catalogs
    ADD CONSTRAINT catalog_names CHECK (is_name(name)),
    ADD CONSTRAINT catalog_plain_texts CHECK (is_text(version) AND is_text(folder) AND is_text(seeded_by));

DELETE FROM overrides WHERE NOT (is_name(subject) AND is_name(field));
UPDATE overrides SET reason = pg_temp.texts(reason), set_by = pg_temp.texts(set_by)
 WHERE NOT (is_text(coalesce(reason, '')) AND is_text(set_by));
ALTER TABLE overrides ADD CONSTRAINT override_plain_texts CHECK (is_name(subject) AND is_name(field)
    AND is_text(reason) AND is_text(set_by));

UPDATE warmup_demands SET requested_by = pg_temp.texts(requested_by) WHERE NOT is_text(requested_by);
ALTER TABLE warmup_demands ADD CONSTRAINT demand_plain_texts CHECK (is_text(requested_by));

-- What sources say is read again at the next import or seed.
DELETE FROM facts WHERE (is_name(source) AND is_name(entry) AND is_name(field) AND is_text(coalesce(reference, ''))
    AND is_name(coalesce(provider_id, 'none')) AND is_name(coalesce(model_id, 'none'))) IS NOT TRUE;
ALTER TABLE facts ADD CONSTRAINT fact_plain_texts CHECK (is_name(source) AND is_name(entry) AND is_name(field)
    AND is_name(provider_id) AND is_name(model_id) AND is_text(reference));

DELETE FROM fact_doubts WHERE NOT (is_name(source) AND is_name(entry) AND is_name(field) AND is_name(provider_id)
    AND is_name(model_id) AND is_text(why));
ALTER TABLE fact_doubts ADD CONSTRAINT fact_doubt_plain_texts CHECK (is_name(source) AND is_name(entry)
    AND is_name(field) AND is_name(provider_id) AND is_name(model_id) AND is_text(why));

DELETE FROM fact_imports WHERE NOT (is_name(source) AND is_text(digest));
ALTER TABLE fact_imports ADD CONSTRAINT fact_import_plain_texts CHECK (is_name(source) AND is_text(digest));

-- From here on every list is one from its first entry on, and each entry of it says something.
CREATE OR REPLACE FUNCTION is_list(text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN array_ndims($1) > 1 OR array_lower($1, 1) <> 1 THEN false
                ELSE cardinality($1) <= 200 AND array_position($1, NULL) IS NULL AND array_position($1, '') IS NULL
                     AND length(array_to_string($1, '')) <= 100000 AND is_text(array_to_string($1, '')) END;
$$;
COMMENT ON FUNCTION is_list(text[]) IS
    'Whether this has one dimension from 1 on, no NULL or empty entry, at most 200 entries and 100,000 characters.';
