-- A markup that a person writes into a column, with psql too, is that of the model from then on, with its history; dropping
-- the override ends it. What a catalog writes there is kept as what is usual of the model. A model that comes in has what was
-- set for its provider, its hosting or for everything, else the least charge that it comes with.
CREATE FUNCTION markup_by_hand() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    hosting CONSTANT text := CASE TG_TABLE_NAME WHEN 'models' THEN 'external' ELSE 'self_hosted' END;
    provider text := coalesce(to_jsonb(NEW) ->> 'provider_id', 'self_hosted');
    before numeric := coalesce((to_jsonb(OLD) ->> 'markup_rate')::numeric, (to_jsonb(OLD) ->> 'markup_percent')::numeric / 100);
    after numeric := coalesce((to_jsonb(NEW) ->> 'markup_rate')::numeric, (to_jsonb(NEW) ->> 'markup_percent')::numeric / 100);
BEGIN
    IF (before = after AND OLD.minimum_charge IS NOT DISTINCT FROM NEW.minimum_charge)
        OR coalesce(current_setting('radiant.shows_markups', true), '') <> '' THEN
        RETURN NULL;
    END IF;
    IF coalesce(current_setting('radiant.writer', true), '') = 'service' THEN
        PERFORM keep_usual_markup(hosting, provider, NEW.model_id, after) WHERE before <> after;
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM markup_standing(hosting, provider, NEW.model_id, clock_timestamp())) THEN
        RETURN NULL;
    END IF;
    -- With the least charge that the row shows, also where that was set for the provider: who edits the rate alone leaves it.
    PERFORM append_markup(NULL, NULL, provider, NEW.model_id, tstzrange(clock_timestamp(), NULL), after, NEW.minimum_charge,
        'written into the column', session_user::text);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION markup_by_hand() IS 'Makes a model''s markup of what a person writes into its column.';

CREATE FUNCTION markup_handed_back() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    named text[] := regexp_match(OLD.subject, '^(?:model:([^/]+)/|self_hosted:)(.*)$');
    provider text := coalesce(named[1], 'self_hosted');
    moment CONSTANT timestamptz := clock_timestamp();
    left_ CONSTANT text[] := ARRAY(SELECT field::text FROM overrides WHERE subject = OLD.subject
                                      AND field IN ('markup_rate', 'markup_percent', 'minimum_charge'));
    mine record;
    others record;
BEGIN
    IF named IS NOT NULL AND coalesce(current_setting('radiant.writer', true), '') <> 'service' THEN
        SELECT rate, minimum_charge INTO mine FROM markups
         WHERE scope_id = markup_scope(NULL, NULL, provider, named[2]) AND rank = 1 AND upper_inf(known) AND valid @> moment;
        PERFORM append_markup(NULL, NULL, provider, named[2], tstzrange(moment, NULL), NULL);
        IF mine.rate IS NOT NULL AND left_ <> '{}' THEN
            -- The other of the two was edited as well, and stays.
            SELECT * INTO others FROM markup_standing(
                CASE provider WHEN 'self_hosted' THEN 'self_hosted' ELSE 'external' END, provider, named[2], moment, 0);
            PERFORM append_markup(NULL, NULL, provider, named[2], tstzrange(moment, NULL),
                CASE WHEN left_ && '{markup_rate,markup_percent}' THEN mine.rate ELSE others.rate END,
                CASE WHEN left_ && '{minimum_charge}' THEN mine.minimum_charge ELSE others.minimum_charge END,
                'written into the column', session_user::text);
        END IF;
        PERFORM project_markups(markup_scope(NULL, NULL, provider, named[2]), clock_timestamp());
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION markup_handed_back() IS 'Ends what a person said of a model''s markup whose override is dropped.';

CREATE FUNCTION markup_of_new_model() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    shown record;
BEGIN
    IF TG_TABLE_NAME = 'models' THEN
        PERFORM keep_usual_markup('external', NEW.provider_id, NEW.model_id, NEW.markup_rate);
        SELECT * INTO shown FROM markup_standing('external', NEW.provider_id, NEW.model_id, clock_timestamp());
        NEW.markup_rate := coalesce(shown.rate, NEW.markup_rate);
    ELSE
        PERFORM keep_usual_markup('self_hosted', 'self_hosted', NEW.model_id, NEW.markup_percent / 100);
        SELECT * INTO shown FROM markup_standing('self_hosted', 'self_hosted', NEW.model_id, clock_timestamp());
        NEW.markup_percent := coalesce(shown.rate * 100, NEW.markup_percent);
    END IF;
    IF shown.rate IS NOT NULL THEN
        NEW.minimum_charge := shown.minimum_charge;
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION markup_of_new_model() IS 'Gives a model that comes in the markup that somebody set for such.';

CREATE TRIGGER markup_by_hand AFTER UPDATE OF markup_rate, minimum_charge ON models FOR EACH ROW EXECUTE FUNCTION markup_by_hand();
CREATE TRIGGER markup_by_hand AFTER UPDATE OF markup_percent, minimum_charge ON self_hosted_models FOR EACH ROW EXECUTE FUNCTION markup_by_hand();
CREATE TRIGGER markup_by_hand_of_new_model AFTER INSERT ON models FOR EACH ROW
    WHEN (NEW.minimum_charge IS NOT NULL) EXECUTE FUNCTION markup_by_hand();
CREATE TRIGGER markup_by_hand_of_new_model AFTER INSERT ON self_hosted_models FOR EACH ROW
    WHEN (NEW.minimum_charge IS NOT NULL) EXECUTE FUNCTION markup_by_hand();
CREATE TRIGGER markup_handed_back AFTER DELETE ON overrides FOR EACH ROW
    WHEN (OLD.field IN ('markup_rate', 'markup_percent', 'minimum_charge')) EXECUTE FUNCTION markup_handed_back();
CREATE TRIGGER markup_of_new_model BEFORE INSERT ON models FOR EACH ROW EXECUTE FUNCTION markup_of_new_model();
CREATE TRIGGER markup_of_new_model BEFORE INSERT ON self_hosted_models FOR EACH ROW EXECUTE FUNCTION markup_of_new_model();

-- A constraint of one table cannot see whom a markup is for.
CREATE FUNCTION markup_of_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.rate < 0 AND EXISTS (SELECT FROM markup_scopes WHERE id = NEW.scope_id AND tenant_id IS NULL) THEN
        RAISE EXCEPTION 'a markup of less than 0 is for one tenant'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'markup_of_all';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION markup_of_all() IS 'Refuses to sell to all tenants below what it costs.';

CREATE CONSTRAINT TRIGGER markup_of_all AFTER INSERT ON markups FOR EACH ROW EXECUTE FUNCTION markup_of_all();
