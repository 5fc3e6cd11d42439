-- Triggers and their functions are code from here on, rebuilt whole like views (`triggers/`). What earlier migrations
-- made of them goes; no CASCADE, so that a trigger of somebody's own is named instead of dropped.
DROP TRIGGER begin_provider_health ON providers;
DROP TRIGGER begin_thermal_state ON self_hosted_models;
DROP TRIGGER touch_updated_at ON providers;
DROP TRIGGER touch_updated_at ON models;
DROP TRIGGER touch_updated_at ON self_hosted_models;
DROP TRIGGER touch_updated_at ON thermal_states;
DROP TRIGGER touch_updated_at ON provider_health;
DROP TRIGGER touch_updated_at ON default_models;
DROP TRIGGER remember_override ON providers;
DROP TRIGGER remember_override ON models;
DROP TRIGGER remember_override ON self_hosted_models;
DROP TRIGGER remember_override ON default_models;
DROP TRIGGER announce_change ON providers;
DROP TRIGGER announce_change ON models;
DROP TRIGGER announce_change ON self_hosted_models;
DROP TRIGGER announce_change ON thermal_states;
DROP TRIGGER announce_change ON provider_health;
DROP TRIGGER announce_change ON default_models;
DROP FUNCTION begin_provider_health();
DROP FUNCTION begin_thermal_state();
DROP FUNCTION touch_updated_at();
DROP FUNCTION remember_override();
DROP FUNCTION announce_change();

-- What announce_change() writes: one row per transaction and table in which a row changed that selection reads.
CREATE TABLE registry_changes (
    version bigint GENERATED ALWAYS AS IDENTITY,
    source_table text NOT NULL,
    keys text[],
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (version, source_table)
);
COMMENT ON TABLE registry_changes IS
    'The newest changes of what selection reads. Versions grow, though a transaction may commit after one with a higher version.';
COMMENT ON COLUMN registry_changes.keys IS 'The rows, by the columns of their key joined by /; NULL where they are too many to list.';

-- What is left of changes that are listed no more.
CREATE TABLE registry_changes_pruned (
    only_row boolean PRIMARY KEY DEFAULT true,
    digest bigint NOT NULL DEFAULT 0,
    through bigint NOT NULL DEFAULT 0,
    CONSTRAINT changes_pruned_is_one_row CHECK (only_row)
);
COMMENT ON TABLE registry_changes_pruned IS 'The changes that are listed no more, as one number, and the highest version among them.';
INSERT INTO registry_changes_pruned DEFAULT VALUES;
