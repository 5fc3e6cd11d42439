-- What a request demands of a model beyond what an index answers. Both functions are inlined into select_model(), so each
-- stays one expression. `further` says whether anything is demanded that stands after it; of that, NULL demands nothing.

CREATE FUNCTION model_meets(
    m models, inputs text[], outputs text[], wanted text[], further boolean, excluded text[], classes text[],
    most_input_cost numeric, most_output_cost numeric, tokens_in bigint, tokens_out bigint, unknown_window bigint
) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT m.input_modalities @> inputs AND m.output_modalities @> outputs AND m.capabilities @> wanted
       AND (NOT further
            OR (excluded IS NULL OR NOT model_names(m) && excluded)
               AND (classes IS NULL OR m.class = ANY (classes))
               AND (most_input_cost IS NULL OR m.input_cost_per_1k::numeric * (1 + m.markup_rate) <= most_input_cost)
               AND (most_output_cost IS NULL OR m.output_cost_per_1k::numeric * (1 + m.markup_rate) <= most_output_cost)
               AND tokens_in + tokens_out <= coalesce(m.context_window, unknown_window)
               AND tokens_in <= coalesce(m.max_input, tokens_in)
               AND tokens_out <= coalesce(m.max_output, tokens_out));
$$;
COMMENT ON FUNCTION model_meets(
    models, text[], text[], text[], boolean, text[], text[], numeric, numeric, bigint, bigint, bigint
) IS 'Whether an external model meets what a request demands of it.';

CREATE FUNCTION self_hosted_meets(
    s self_hosted_models, inputs text[], outputs text[], wanted text[], further boolean, excluded text[],
    commercial boolean, most_input_cost numeric, most_output_cost numeric, tokens_in bigint, tokens_out bigint,
    unknown_window bigint
) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT s.input_modalities @> inputs AND s.output_modalities @> outputs AND s.capabilities @> wanted
       AND (NOT further
            OR (excluded IS NULL OR NOT self_hosted_names(s) && excluded)
               AND (NOT commercial OR s.commercial_use_allowed)
               AND (most_input_cost IS NULL
                    OR s.input_cost_per_1k::numeric * (1 + s.markup_percent / 100) <= most_input_cost)
               AND (most_output_cost IS NULL
                    OR s.output_cost_per_1k::numeric * (1 + s.markup_percent / 100) <= most_output_cost)
               AND tokens_in + tokens_out <= coalesce(s.context_window, unknown_window)
               AND tokens_out <= coalesce(s.max_output, tokens_out));
$$;
COMMENT ON FUNCTION self_hosted_meets(
    self_hosted_models, text[], text[], text[], boolean, text[], boolean, numeric, numeric, bigint, bigint, bigint
) IS 'Whether a self-hosted model meets what a request demands of it.';
