"""Reading a registry, for all faces: one file per subject. Nothing here writes."""
