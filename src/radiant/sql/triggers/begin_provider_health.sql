-- A provider is listed as unknown until it was probed, in each of its regions and in no other.
CREATE FUNCTION begin_provider_health() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> 'self_hosted' THEN
        INSERT INTO provider_health (provider_id, region)
        SELECT NEW.id, region FROM unnest(NEW.regions) AS region
        ON CONFLICT DO NOTHING;
        IF TG_OP = 'UPDATE' THEN
            -- Nothing is known of a region from then on: what was the matter with it ends with it.
            WITH gone AS (
                DELETE FROM provider_health
                 WHERE provider_id = NEW.id AND region = ANY (OLD.regions) AND region <> ALL (NEW.regions)
                RETURNING region, status
            )
            INSERT INTO status_changes (provider_id, region, status)
            SELECT NEW.id, region, 'unknown' FROM gone WHERE status <> 'unknown';
        END IF;
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION begin_provider_health() IS 'Gives a provider a row of unknown health per region, and takes those of regions it no longer has.';

CREATE TRIGGER begin_provider_health AFTER INSERT ON providers
    FOR EACH ROW EXECUTE FUNCTION begin_provider_health();
CREATE TRIGGER follow_regions AFTER UPDATE OF regions ON providers
    FOR EACH ROW WHEN (OLD.regions <> NEW.regions) EXECUTE FUNCTION begin_provider_health();
