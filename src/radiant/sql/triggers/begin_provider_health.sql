-- A provider is listed as unknown until it was probed.
CREATE FUNCTION begin_provider_health() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> 'self_hosted' THEN
        INSERT INTO provider_health (provider_id, region)
        SELECT NEW.id, region FROM unnest(NEW.regions) AS region
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION begin_provider_health() IS 'Gives a new provider a row of unknown health per region.';

CREATE TRIGGER begin_provider_health AFTER INSERT ON providers
    FOR EACH ROW EXECUTE FUNCTION begin_provider_health();
