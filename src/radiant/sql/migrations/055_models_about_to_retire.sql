--! compatible
-- Models that are about to retire come after others of the same price: select_model() asks for them apart.
CREATE INDEX models_by_retirement ON models (primary_mode, retires) WHERE enabled AND NOT deprecated AND retires IS NOT NULL;
