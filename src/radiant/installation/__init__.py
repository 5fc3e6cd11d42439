"""Radiant on this machine: preparing a registry, token files, the database, and what `radiant doctor` looks at."""
