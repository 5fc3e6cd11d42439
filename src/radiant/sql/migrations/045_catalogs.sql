-- Which catalog a curated row came from. A seed retires only what came from a catalog of its own; a row whose catalog
-- is not known is retired by nobody.
CREATE TABLE catalogs (
    name text PRIMARY KEY,
    version text,
    folder text,
    seeded_at timestamptz NOT NULL DEFAULT now(),
    seeded_by text NOT NULL DEFAULT session_user,
    CONSTRAINT catalog_name_has_a_length CHECK (length(name) BETWEEN 1 AND 600)
);
COMMENT ON TABLE catalogs IS 'The catalogs this registry was seeded from: radiant, and folders of people''s own.';

-- What a folder says stands beside what ours says, under `curated:` and the folder's name.
ALTER TABLE facts
    DROP CONSTRAINT fact_source,
    ADD CONSTRAINT fact_source CHECK (source ~ '^[a-z0-9][a-z0-9_.:-]{0,79}$' 
        OR (starts_with(source, 'curated:') AND length(source) BETWEEN 9 AND 700));

ALTER TABLE providers ADD COLUMN catalog text
    CONSTRAINT provider_catalog_is_known REFERENCES catalogs (name) ON UPDATE CASCADE;
ALTER TABLE models ADD COLUMN catalog text
    CONSTRAINT model_catalog_is_known REFERENCES catalogs (name) ON UPDATE CASCADE;
ALTER TABLE self_hosted_models ADD COLUMN catalog text
    CONSTRAINT self_hosted_catalog_is_known REFERENCES catalogs (name) ON UPDATE CASCADE;
ALTER TABLE default_models ADD COLUMN catalog text
    CONSTRAINT default_catalog_is_known REFERENCES catalogs (name) ON UPDATE CASCADE;
