--! compatible
-- What runs by the clock, and the schema in which the jobs of procrastinate stand. Its tables are made by its own
-- migrations, which are recorded as `jobs-…`.
DO $$
BEGIN
    -- One that was made beforehand does, for a role that may not create any.
    IF to_regnamespace('jobs') IS NULL THEN
        CREATE SCHEMA jobs;
    END IF;
END
$$;

CREATE TABLE schedules (
    kind text PRIMARY KEY CONSTRAINT schedule_kind CHECK (kind IN ('full', 'models', 'health', 'pricing', 'thermal')),
    cron text NOT NULL CONSTRAINT schedule_cron_is_one_line CHECK (is_name(cron) AND length(cron) <= 100),
    enabled boolean NOT NULL DEFAULT true,
    paused_until timestamptz,
    last_due timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT schedule_times CHECK (is_time(paused_until) AND is_time(last_due))
);
COMMENT ON TABLE schedules IS 'When each kind of run is due. Workers read it every second.';
COMMENT ON COLUMN schedules.cron IS 'Minute, hour, day, month, weekday, in UTC; with a sixth field, seconds.';
COMMENT ON COLUMN schedules.last_due IS 'The last tick that was taken, or from when on ticks count. Taken by compare-and-set.';

INSERT INTO schedules (kind, cron) VALUES
    ('full', '0 0 * * *'),
    ('health', '*/5 * * * *'),
    ('thermal', '*/5 * * * *'),
    ('pricing', '0 0 * * 0');

ALTER TABLE registry_sync_log ADD COLUMN IF NOT EXISTS heartbeat_at timestamptz
    CONSTRAINT sync_heartbeat CHECK (is_time(heartbeat_at));
COMMENT ON COLUMN registry_sync_log.heartbeat_at IS 'When the process that runs it was last heard of.';
