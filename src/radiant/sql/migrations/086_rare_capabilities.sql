--! compatible
-- Self-hosted models with a capability that hardly any has are found as external ones are.
CREATE INDEX self_hosted_models_capabilities ON self_hosted_models USING gin (capabilities);
