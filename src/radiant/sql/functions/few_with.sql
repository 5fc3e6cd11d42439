-- The models that have all of some capabilities, where these are few: select_model() then looks at them alone, in place of
-- walking through all offers of a task in the order of their prices until it has found enough. NULL where they are not few.
--
-- What ANALYZE has seen says which capabilities are common: for these nothing is looked up. Where it is wrong or has seen
-- nothing, the answer takes longer, and is the same. The index on capabilities answers with a bitmap only, and tells nothing
-- of prices: of a common capability it would give half of all models.
CREATE FUNCTION few_with(wanted text[], OUT external uuid[], OUT own uuid[])
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET enable_bitmapscan = on SET enable_seqscan = off AS $$
DECLARE
    few CONSTANT integer := 2000;
BEGIN
    external := ARRAY(SELECT m.id FROM models m WHERE m.capabilities @> wanted LIMIT few + 1);
    own := ARRAY(SELECT s.id FROM self_hosted_models s WHERE s.capabilities @> wanted LIMIT few + 1);
    external := CASE WHEN cardinality(external) <= few THEN external END;
    own := CASE WHEN cardinality(own) <= few THEN own END;
END $$;
COMMENT ON FUNCTION few_with(text[]) IS 'The ids of the models that have all of these capabilities; NULL where they are many.';

CREATE FUNCTION are_common(wanted text[]) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT FROM unnest(wanted) capability
         WHERE coalesce((
            SELECT f.share
              FROM pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) f (name, share)
             WHERE s.schemaname = ANY (current_schemas(false)) AND s.tablename = 'models' AND s.attname = 'capabilities'
               AND f.name = capability
             LIMIT 1), 0) < 0.03);
END $$;
COMMENT ON FUNCTION are_common(text[]) IS 'Whether at least 3 % of external models have each of these capabilities, as ANALYZE saw them.';

-- Whether fewer than 300 self-hosted models are COLD: so many are looked at faster than the cheapest are found among those
-- that are off.
CREATE FUNCTION are_few_cold() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT count(*) < 300 FROM (SELECT FROM thermal_states WHERE current_state = 'COLD' LIMIT 300) it;
$$;
COMMENT ON FUNCTION are_few_cold() IS 'Whether so few self-hosted models are COLD that each can be looked at.';
