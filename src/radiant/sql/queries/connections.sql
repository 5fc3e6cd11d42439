-- answers --
-- As little as can be asked.
SELECT

-- is_read_only --
SELECT current_setting('transaction_read_only') = 'on' AS it

-- database_exists --
SELECT FROM pg_database WHERE datname = %(name)s
