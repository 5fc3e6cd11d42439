"""The catalog: one TOML file per model, read strictly and checked."""
