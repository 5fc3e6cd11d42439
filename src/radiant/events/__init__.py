"""Takes events from the outbox to whoever wants to know: webhooks, AWS EventBridge, the log, open streams."""
