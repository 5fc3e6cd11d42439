"""Changes that people make to a registry: one file per subject."""
