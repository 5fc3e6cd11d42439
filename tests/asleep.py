"""Self-hosted models that sleep: an endpoint for each, which may be created when somebody wants it."""

ASLEEP = """
INSERT INTO endpoints (model_id, runtime, name, may_create)
SELECT model_id, 'sagemaker', 'radiant-' || model_id, true FROM self_hosted_models
"""
