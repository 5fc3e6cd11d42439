"""Servers of self-hosted models: what is up there, how one is warmed and how it is put to sleep."""
