-- The books of the schema itself: brought to this shape before every migration.
CREATE TABLE IF NOT EXISTS schema_migrations (
    version text PRIMARY KEY,
    name text NOT NULL,
    applied_by text NOT NULL DEFAULT session_user,
    applied_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE schema_migrations ADD COLUMN IF NOT EXISTS compatible boolean NOT NULL DEFAULT false;
CREATE TABLE IF NOT EXISTS schema_code (
    position integer PRIMARY KEY,
    kind text NOT NULL,
    name text NOT NULL,
    digest text NOT NULL
);
ALTER TABLE schema_code ADD COLUMN IF NOT EXISTS version integer NOT NULL DEFAULT 0;
CREATE TABLE IF NOT EXISTS schema_objects (
    kind text NOT NULL,
    name text NOT NULL,
    definition text NOT NULL,
    server integer NOT NULL,
    PRIMARY KEY (kind, name)
);
COMMENT ON TABLE schema_migrations IS 'What has been applied to this database.';
COMMENT ON COLUMN schema_migrations.compatible IS 'Whether a program that does not know it may go on reading.';
COMMENT ON TABLE schema_code IS 'The views, functions and triggers that are rebuilt whole, and of which version they are.';
COMMENT ON TABLE schema_objects IS 'What the schema consisted of after the last migration, as PostgreSQL of that major version told it.';
