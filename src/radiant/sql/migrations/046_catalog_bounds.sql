-- What 041 says of every table, of the one that came after it.
UPDATE catalogs
   SET seeded_at = least(greatest(seeded_at, timestamptz '1970-01-01 00:00+00'), timestamptz '2199-12-31 00:00+00'),
       version = left(version, 500), folder = left(folder, 5000), seeded_by = left(seeded_by, 500)
 WHERE NOT (is_time(seeded_at) AND length(version) <= 500 AND length(folder) <= 5000 AND length(seeded_by) <= 500);
ALTER TABLE catalogs
    ADD CONSTRAINT catalog_times CHECK (is_time(seeded_at)),
    ADD CONSTRAINT catalog_texts CHECK (length(version) <= 500 AND length(folder) <= 5000 AND length(seeded_by) <= 500);
