-- What the imported catalogs say of many models at once.
SELECT source, entry, field, value::text AS value, provider_id, model_id, reference, source_date, seen_at
  FROM facts
  JOIN unnest(%(providers)s::text[], %(models)s::text[]) AS wanted (provider_id, model_id) USING (provider_id, model_id)
 WHERE NOT starts_with(source, 'curated')
