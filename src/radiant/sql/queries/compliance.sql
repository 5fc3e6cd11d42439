-- found --
-- One provider with what it states and what an operator has declared.
SELECT id, display_name, compliance, conditional_compliance, declared_compliance
  FROM providers WHERE id = %(provider)s

-- alike --
-- Ids of providers that may have been meant.
SELECT id FROM providers
 WHERE id <> %(provider)s
   AND (starts_with(id, left(%(provider)s, 3)) OR lower(display_name) = lower(%(provider)s))
 ORDER BY id LIMIT 3

-- standards --
-- Every standard that some provider states or an operator has declared.
SELECT DISTINCT standard
  FROM providers, unnest(compliance || declared_compliance
                         || ARRAY(SELECT jsonb_object_keys(conditional_compliance))) AS standard
 ORDER BY standard

-- declare --
UPDATE providers SET declared_compliance = declared_compliance || %(standard)s::text
 WHERE id = %(provider)s AND %(standard)s <> ALL (declared_compliance)

-- undeclare --
UPDATE providers SET declared_compliance = array_remove(declared_compliance, %(standard)s::text)
 WHERE id = %(provider)s AND %(standard)s = ANY (declared_compliance)

-- because --
UPDATE overrides SET reason = %(reason)s
 WHERE subject = 'provider:' || %(provider)s::text AND field = 'declared_compliance'

-- key_variables --
SELECT key_variables FROM providers WHERE id = %(provider)s
