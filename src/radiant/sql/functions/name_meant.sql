-- What people write for a name that there is not: in other letters or punctuation, or nearly so.

CREATE FUNCTION class_names() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY['flagship', 'standard', 'small'];
$$;
COMMENT ON FUNCTION class_names() IS 'The classes of models, from above.';

-- The capabilities that public catalogs tell. Models of the registry may have others.
CREATE FUNCTION capability_names() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY['audio_input', 'audio_output', 'computer_use', 'content_moderation', 'function_calling',
        'image_to_image', 'json_mode', 'multimodal_embedding', 'ocr', 'parallel_function_calling',
        'pdf_input', 'prompt_caching', 'realtime_audio', 'reasoning', 'rerank', 'streaming',
        'structured_output', 'system_messages', 'text_embedding', 'text_to_image', 'text_to_speech',
        'text_to_video', 'tool_choice', 'transcription', 'video_input', 'vision', 'web_search',
        'web_search_api'];
$$;
COMMENT ON FUNCTION capability_names() IS 'Capabilities that are known though no model of the registry may have them.';

-- How much of two words is the same, 0 to 1: their pairs of letters, as one counts the words that two texts share.
CREATE FUNCTION likeness(one text, other text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH word (side, letters) AS (VALUES (1, ' ' || one || ' '), (2, ' ' || other || ' ')),
         pair AS (SELECT DISTINCT side, substr(letters, place, 2) AS it
                    FROM word CROSS JOIN LATERAL generate_series(1, length(letters) - 1) AS place)
    SELECT 2.0 * (SELECT count(*) FROM pair a JOIN pair b USING (it) WHERE a.side = 1 AND b.side = 2) / count(*)
      FROM pair;
$$;
COMMENT ON FUNCTION likeness(text, text) IS 'The share of pairs of letters that two words have in common.';

CREATE FUNCTION name_meant(asked text, known text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        (SELECT 'did you mean ' || quote_literal(name) || '?'
           FROM (SELECT name, likeness(regexp_replace(lower(left(asked, 200)), '[^[:alnum:]]', '', 'g'),
                                       regexp_replace(lower(name), '[^[:alnum:]]', '', 'g')) AS alike
                   FROM unnest(known) AS name) it
          WHERE alike >= 0.5
          ORDER BY alike DESC, name COLLATE "C" LIMIT 1),
        CASE WHEN known = '{}' THEN 'there is none yet' ELSE 'expected one of ' || array_to_string(known, ', ') END);
$$;
COMMENT ON FUNCTION name_meant(text, text[]) IS 'The known name nearest to one that is not known, or all of them, as half a sentence.';
