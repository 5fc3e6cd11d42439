-- Whether a statement about a standard covers a model of the provider that makes it. Python has the same rule; a test holds
-- the two equal.
CREATE FUNCTION covers(terms jsonb, model text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN terms IS NULL
        OR (coalesce(terms -> 'models', '[]') = '[]' OR matches_any(terms -> 'models', model))
           AND NOT coalesce(matches_any(terms -> 'excepted', model), false);
COMMENT ON FUNCTION covers(jsonb, text) IS 'Whether a statement with these terms covers a model.';

CREATE FUNCTION covered(standards text[], terms jsonb, model text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY(SELECT DISTINCT standard FROM unnest(standards) AS standard
                  WHERE covers(terms -> standard, model) ORDER BY standard);
COMMENT ON FUNCTION covered(text[], jsonb, text) IS 'Those of the standards of a provider that cover a model.';
