-- Whether a text is one of these patterns, in which `*` stands for any characters. The bodies of these functions are bound
-- when they are made: materialized views call them with a search path of their own.
CREATE FUNCTION matches_any(patterns jsonb, called text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN EXISTS (
        SELECT FROM jsonb_array_elements_text(patterns) AS pattern
         WHERE called LIKE replace(regexp_replace(pattern, '([\\%_])', '\\\1', 'g'), '*', '%'));
COMMENT ON FUNCTION matches_any(jsonb, text) IS 'Whether a text is one of these patterns, with * for any characters.';
