-- add --
-- A server that speaks OpenAI's API; who adds it has enabled it by hand.
INSERT INTO providers (id, display_name, api_base_url, key_variables, contact)
VALUES (%(id)s, %(name)s, %(base_url)s, %(key_variables)s, true)

-- change --
-- What is NULL stays.
UPDATE providers
   SET api_base_url = coalesce(%(base_url)s, api_base_url), key_variables = coalesce(%(key_variables)s, key_variables),
       enabled = coalesce(%(enabled)s, enabled), contact = coalesce(%(enabled)s, contact)
 WHERE id = %(id)s AND id <> 'self_hosted'
