"""What people change in a registry: one file per subject."""
