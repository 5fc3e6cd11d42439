--! compatible
-- Compliance that holds only with a condition (a plan, an agreement, settings) or only for another product of the
-- provider, and what an operator has declared met.
ALTER TABLE providers
    ADD COLUMN conditional_compliance jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT provider_conditions CHECK (
            jsonb_typeof(conditional_compliance) = 'object' AND is_short(conditional_compliance)
            AND NOT jsonb_path_exists(conditional_compliance, '$.* ? (
                !(@.type() == "object" && exists(@.url ? (@.type() == "string")))
                || exists(@.condition ? (@.type() != "string")) || exists(@.covers ? (@.type() != "string")))')
        ),
    ADD COLUMN declared_compliance text[] NOT NULL DEFAULT '{}'
        CONSTRAINT provider_declarations CHECK (is_list(declared_compliance));
COMMENT ON COLUMN providers.compliance IS 'Standards that hold without a condition. What is declared counts besides.';
COMMENT ON COLUMN providers.conditional_compliance IS 'By standard: its condition, the product it covers where that is not this API, and the page.';
COMMENT ON COLUMN providers.declared_compliance IS 'Standards whose condition an operator has declared met.';
