"""Radiant on AWS: functions that do what a worker does, the keys of providers from Secrets Manager, rights as data."""
