-- named --
-- What the roles are called, to the end of the transaction: blocks take no parameters.
SELECT set_config('radiant.migrate', %(migrate)s, true), set_config('radiant.sync', %(sync)s, true),
       set_config('radiant.read', %(read)s, true)

-- missing --
SELECT n.name FROM unnest(%(names)s::text[]) WITH ORDINALITY AS n (name, place)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = n.name)
 ORDER BY n.place

-- ensure --
-- Only RDS has the role rds_iam, whose members may have tokens as passwords.
DO $$
DECLARE
    migrate text := current_setting('radiant.migrate');
    sync text := current_setting('radiant.sync');
    read text := current_setting('radiant.read');
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[migrate, sync, read] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', name);
        END IF;
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
            EXECUTE format('GRANT rds_iam TO %I', name);
        END IF;
        EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', current_database(), name);
    END LOOP;
    EXECUTE format('GRANT CREATE ON DATABASE %I TO %I', current_database(), migrate);
    EXECUTE format('GRANT CREATE, USAGE ON SCHEMA public TO %I', migrate);
END $$

-- grant --
-- Again after each migration, for what is new. Digests of tokens are nothing to read.
DO $$
DECLARE
    sync text := current_setting('radiant.sync');
    read text := current_setting('radiant.read');
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA public, jobs TO %I', sync);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, jobs TO %I', sync);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public, jobs TO %I', sync);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', read);
    EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA public TO %I', read);
    EXECUTE format('REVOKE ALL ON access_tokens FROM %I', read);
END $$
