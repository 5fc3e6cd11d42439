-- is_known --
-- One row where the token was ever let in, revoked or not.
SELECT FROM access_tokens WHERE hash = %(hash)s

-- revoke_others --
UPDATE access_tokens SET revoked_at = now()
 WHERE name = %(name)s AND role = %(role)s AND revoked_at IS NULL AND hash <> %(hash)s

-- add --
INSERT INTO access_tokens (name, role, hash) VALUES (%(name)s, %(role)s, %(hash)s) ON CONFLICT (hash) DO NOTHING

-- in_force --
SELECT hash, role FROM access_tokens WHERE revoked_at IS NULL
