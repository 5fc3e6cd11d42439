--! compatible
-- Which models of its provider a statement about a standard covers: `models` and `excepted` are patterns of ids.
ALTER TABLE providers ADD CONSTRAINT provider_coverage CHECK (
    NOT jsonb_path_exists(conditional_compliance, '$.* ? (
        @.models.type() != "array" || @.excepted.type() != "array"
        || exists(@.models[*] ? (@.type() != "string")) || exists(@.excepted[*] ? (@.type() != "string")))')
);
COMMENT ON COLUMN providers.conditional_compliance IS 'By standard: its condition, the product it covers where that is not this API, the models it covers or excepts where that is not all, and the page.';
