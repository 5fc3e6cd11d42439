"""Bringing the catalog and public catalogs into the registry."""
