--! compatible
-- LiteLLM counts a price of 0, or raises, for an id that its own model map does not have.
ALTER TABLE models ADD COLUMN litellm_known boolean;
COMMENT ON COLUMN models.litellm_known IS 'Whether the newest map of LiteLLM that was looked into has this litellm_id; NULL where nobody looked.';
