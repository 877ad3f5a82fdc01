-- One row: a registered string, of those whose ids are given as a JSON array.
-- Left out: the other strings of the trace, mostly symbols and kernel names.
SELECT id, CAST(value AS TEXT) AS value
FROM StringIds
WHERE id IN (SELECT value FROM json_each(:ids))
ORDER BY id;
