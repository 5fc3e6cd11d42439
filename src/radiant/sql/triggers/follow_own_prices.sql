-- Where nobody set a price of a self-hosted model by hand, the column of the price in force shows what the row says of the
-- hardware. A person who edits what the row says of something that is set by hand means the price: theirs is the newest word.
-- It reads with the rights of the owner, as remember_override() writes. It comes before set_ranking_price by its name.
CREATE FUNCTION follow_own_prices() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    person CONSTANT boolean := coalesce(current_setting('radiant.writer', true), '') <> 'service';
    new_row CONSTANT jsonb := to_jsonb(NEW);
    old_row CONSTANT jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) END;
    shown jsonb;
BEGIN
    SELECT jsonb_object_agg(n.field, n.amount) INTO shown
      FROM own_prices(new_row) n LEFT JOIN own_prices(old_row) o USING (field)
     WHERE n.amount IS DISTINCT FROM o.amount AND (new_row -> n.field) IS NOT DISTINCT FROM coalesce(old_row -> n.field, 'null')
       AND (person OR NOT own_price_is_set(NEW.model_id, n.meter))
       AND (n.amount IS NULL OR (n.amount >= 0 AND n.amount < 'Infinity'));  -- else the column that it is of refuses it
    IF shown IS NOT NULL THEN
        NEW := jsonb_populate_record(NEW, shown);
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION follow_own_prices() IS 'Makes the price columns of a self-hosted model follow what its row says of the hardware.';

CREATE TRIGGER follow_own_prices BEFORE INSERT OR UPDATE ON self_hosted_models
    FOR EACH ROW EXECUTE FUNCTION follow_own_prices();
