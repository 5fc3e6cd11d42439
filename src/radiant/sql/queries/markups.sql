-- listed --
-- Markups with whom and what they are for: those that are believed, or were at a moment, or ever; what is usual last.
SELECT m.id, s.tenant_id AS tenant, s.hosting, s.provider_id AS provider, s.model_id AS model, m.rate, m.minimum_charge,
       m.rank = 0 AS usual, lower(m.valid) AS valid_from, upper(m.valid) AS valid_to, lower(m.known) AS known_from,
       upper(m.known) AS known_to, m.reason, m.set_by, m.ended_by,
       m.ended_because
  FROM markup_scopes s JOIN markups m ON m.scope_id = s.id
 WHERE %(ever)s OR m.known @> coalesce(%(known)s::timestamptz, 'infinity')
 ORDER BY m.rank DESC, s.tenant_id NULLS LAST, s.provider_id NULLS LAST, s.model_id NULLS LAST, s.hosting NULLS LAST,
          m.valid, m.known

-- append --
SELECT append_markup(%(tenant)s, %(hosting)s, %(provider)s, %(model)s, tstzrange(%(since)s::timestamptz, %(until)s::timestamptz),
                     %(rate)s, %(minimum)s, %(reason)s, %(by)s) AS id

-- project --
SELECT project_markups(markup_scope(%(tenant)s, %(hosting)s, %(provider)s, %(model)s), %(now)s) AS changed

-- forget_columns --
-- What was written into the markup column of a model is no override once somebody sets it otherwise.
DELETE FROM overrides
 WHERE subject = %(subject)s AND field IN ('markup_rate', 'markup_percent', 'minimum_charge')

-- due --
-- Makes columns show the markups that began or ended after one moment and until another; how many changed.
SELECT coalesce(sum(project_markups(scope_id, %(now)s)), 0)::bigint AS changed FROM (
    SELECT DISTINCT m.scope_id FROM markups m JOIN markup_scopes s ON s.id = m.scope_id
     WHERE upper_inf(m.known) AND s.tenant_id IS NULL AND m.rank = 1
       AND ((lower(m.valid) > %(since)s AND lower(m.valid) <= %(now)s)
            OR (upper(m.valid) > %(since)s AND upper(m.valid) <= %(now)s))) turned
