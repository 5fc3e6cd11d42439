-- How LiteLLM calls what an endpoint serves: the prefix of its runtime, and the name there. The drivers say the same
-- prefixes; a test holds the two equal. NULL where the runtime is none of these.
CREATE FUNCTION endpoint_litellm_id(runtime text, name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE runtime
               WHEN 'vllm' THEN 'hosted_vllm'
               WHEN 'ollama' THEN 'ollama'
               WHEN 'llama_cpp' THEN 'openai'
               WHEN 'llama_swap' THEN 'openai'
               WHEN 'kserve' THEN 'openai'
               WHEN 'triton' THEN 'triton'
               WHEN 'mlserver' THEN 'triton'
               WHEN 'tgi' THEN 'huggingface'
               WHEN 'sglang' THEN 'openai'
               WHEN 'lm_studio' THEN 'lm_studio'
               WHEN 'http' THEN 'openai'
               WHEN 'sagemaker' THEN 'sagemaker'
           END || '/' || name;
$$;
COMMENT ON FUNCTION endpoint_litellm_id(text, text) IS 'What LiteLLM calls the model of that name at that runtime.';
