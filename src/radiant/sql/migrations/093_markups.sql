--! compatible
-- What tenants pay on top of what we pay: markups with history, each for a scope. Like sheets they are only appended to, with
-- when they hold (valid) and since when that is believed (known).

CREATE TABLE markup_scopes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id text,
    hosting text,
    provider_id text,
    model_id text,
    CONSTRAINT markup_scope_key UNIQUE NULLS NOT DISTINCT (tenant_id, provider_id, model_id, hosting),
    CONSTRAINT markup_scope_hosting CHECK (hosting IN ('external', 'self_hosted')),
    CONSTRAINT markup_scope_one_thing CHECK ((model_id IS NULL OR provider_id IS NOT NULL) AND (hosting IS NULL OR provider_id IS NULL)),
    CONSTRAINT markup_scope_names CHECK (is_name(tenant_id) AND is_name(provider_id) AND is_name(model_id)
        AND length(tenant_id) <= 200 AND length(provider_id) <= 100 AND length(model_id) <= 600)
);
COMMENT ON TABLE markup_scopes IS 'Whom and what a markup is for; NULL is all. A model has its provider, a hosting has none.';

CREATE TABLE markups (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope_id bigint NOT NULL REFERENCES markup_scopes (id),
    rate numeric NOT NULL,
    minimum_charge numeric,
    valid tstzrange NOT NULL,
    known tstzrange NOT NULL DEFAULT tstzrange(clock_timestamp(), NULL),
    rank smallint NOT NULL DEFAULT 1,
    reason text,
    set_by text NOT NULL DEFAULT current_user,
    CONSTRAINT markup_rate CHECK (rate > -1 AND rate < 100 AND rate = round(rate, 4)),
    CONSTRAINT markup_minimum CHECK (minimum_charge >= 0 AND minimum_charge < 'Infinity'),
    CONSTRAINT markup_valid CHECK (NOT isempty(valid) AND NOT upper_inc(valid)),
    CONSTRAINT markup_known CHECK (NOT isempty(known) AND NOT lower_inf(known) AND NOT upper_inc(known)),
    CONSTRAINT markup_rank CHECK (rank IN (0, 1)),
    CONSTRAINT markup_texts CHECK (is_text(reason) AND is_text(set_by) AND length(reason) <= 2000 AND length(set_by) <= 200),
    CONSTRAINT markups_one_at_a_time EXCLUDE USING gist (
        int8range(scope_id, scope_id, '[]') WITH &&, int4range(rank::integer, rank::integer, '[]') WITH &&, valid WITH &&, known WITH &&)
);
CREATE INDEX markups_by_scope ON markups (scope_id);
COMMENT ON TABLE markups IS 'What is added to a price for tenants: of those that cover a request the most specific alone. A row is only ever closed.';
COMMENT ON COLUMN markups.rate IS '0.4 makes 1.4 of 1. Only a tenant can have less than 0.';
COMMENT ON COLUMN markups.minimum_charge IS 'What a request costs at least, in USD; NULL is none.';
COMMENT ON COLUMN markups.rank IS 'The higher speaks first: 0 what is usual, 1 what somebody set, for everything too.';

WITH scopes AS (
    INSERT INTO markup_scopes (hosting) VALUES ('external'), ('self_hosted') RETURNING id, hosting
)
INSERT INTO markups (scope_id, rate, valid, rank, reason)
SELECT id, CASE hosting WHEN 'external' THEN 0.40 ELSE 0.75 END, tstzrange(NULL, NULL), 0, 'what is usual'
  FROM scopes;
