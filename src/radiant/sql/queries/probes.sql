-- providers --
-- Every provider with an API, or one, as it is probed.
SELECT p.id, p.display_name, p.api_base_url, p.key_variables, p.auth, p.enabled, p.contact, p.regions, p.status_url
  FROM providers p
 WHERE p.id <> 'self_hosted' AND (%(provider)s::text IS NULL OR p.id = %(provider)s)
 ORDER BY p.id

-- last --
-- What speaks for or against asking each provider in each region now.
SELECT provider_id, region, h.status, h.reason, h.retry_at, h.last_check_at, h.last_failure_at, h.last_traffic_at,
       p.at AS probed_at, p.skipped
  FROM provider_health h FULL JOIN probes p USING (provider_id, region)
 WHERE %(provider)s::text IS NULL OR provider_id = %(provider)s

-- keep --
INSERT INTO probes (provider_id, region, at) VALUES (%(provider)s, %(region)s, %(at)s)
ON CONFLICT (provider_id, region) DO UPDATE SET at = excluded.at, skipped = NULL

-- skip --
-- The last probe stays; it is written only where something else is said.
INSERT INTO probes (provider_id, region, skipped) VALUES (%(provider)s, %(region)s, %(skipped)s)
ON CONFLICT (provider_id, region) DO UPDATE SET skipped = excluded.skipped
 WHERE probes.skipped IS DISTINCT FROM excluded.skipped

-- keep_page --
INSERT INTO status_pages (provider_id, at, indicator, description, problem)
VALUES (%(provider)s, %(at)s, %(indicator)s, %(description)s, %(problem)s)
ON CONFLICT (provider_id) DO UPDATE
   SET at = excluded.at, indicator = excluded.indicator, description = excluded.description, problem = excluded.problem

-- forget --
-- Changes of status are kept for a year, of each region at least the last.
DELETE FROM status_changes c
 WHERE at < %(at)s::timestamptz - interval '366 days'
   AND EXISTS (SELECT FROM status_changes later
                WHERE later.provider_id = c.provider_id AND later.region = c.region AND later.id > c.id)
