--! compatible
-- What an endpoint serves is not what the model could do, nor does every image come with the code to serve by.
ALTER TABLE self_hosted_models
    ADD COLUMN model_context_window integer
        CONSTRAINT self_hosted_model_context_window CHECK (model_context_window > 0),
    ADD COLUMN serving text
        CONSTRAINT self_hosted_serving CHECK (serving IN ('ready', 'bring_your_own_code')),
    ADD COLUMN serving_note text CONSTRAINT self_hosted_serving_note CHECK (length(serving_note) <= 2000),
    ADD COLUMN key_variables text[] NOT NULL DEFAULT '{}'
        CONSTRAINT self_hosted_key_variables CHECK (is_list(key_variables));
COMMENT ON COLUMN self_hosted_models.context_window IS 'What the endpoint serves, in tokens.';
COMMENT ON COLUMN self_hosted_models.model_context_window IS 'What the model itself could take, in tokens.';
COMMENT ON COLUMN self_hosted_models.serving IS
    'ready: image and environment serve it. bring_your_own_code: inference code has to be written.';
COMMENT ON COLUMN self_hosted_models.serving_note IS 'What an image of one''s own has to hold, where no image can run it.';
COMMENT ON COLUMN self_hosted_models.key_variables IS
    'Environment variables whose value is a secret, such as HF_TOKEN for gated weights.';
