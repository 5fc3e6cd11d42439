-- Give every committed event without a number the next ones, and return how many that were.
-- A transaction that is still running has its events numbered after its end, hence behind all that readers have seen.
-- Only one numbers at a time; a statement after the lock sees what the last one did.
CREATE FUNCTION number_events() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    numbered bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM events WHERE seq IS NULL) THEN
        RETURN 0;
    END IF;
    PERFORM pg_advisory_xact_lock('event_seq'::regclass::bigint);
    UPDATE events e SET seq = n.seq
      FROM (SELECT w.position, nextval('event_seq') AS seq
              FROM (SELECT position FROM events WHERE seq IS NULL ORDER BY position) w) n
     WHERE e.position = n.position;
    GET DIAGNOSTICS numbered = ROW_COUNT;
    RETURN numbered;
END $$;
COMMENT ON FUNCTION number_events() IS 'Numbers the events that were committed since, in an order that readers can resume by.';
