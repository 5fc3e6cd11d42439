-- listed --
SELECT subject, field, value::text AS value, reason, set_by, set_at FROM overrides
 WHERE %(subject)s::text IS NULL OR subject = %(subject)s
 ORDER BY subject, field

-- on --
-- What administrators set on one subject.
SELECT field, value::text AS value, reason, set_by, set_at FROM overrides WHERE subject = %(subject)s ORDER BY field

-- drop --
DELETE FROM overrides
 WHERE subject = %(subject)s AND (%(field)s::text IS NULL OR field = %(field)s)
RETURNING field

-- counts --
-- How many models were deleted by hand, and how many fields of anything were changed.
SELECT count(*) FILTER (WHERE field = %(deletion)s AND subject ~ '^(model|self_hosted):') AS models,
       count(*) FILTER (WHERE field <> %(deletion)s) AS fields
  FROM overrides
