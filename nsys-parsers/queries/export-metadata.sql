-- One row: a fact about the export itself: the version of its schema, its options.
-- Left out: facts without a value.
SELECT CAST(name AS TEXT) AS name, CAST(value AS TEXT) AS value
FROM META_DATA_EXPORT
WHERE name IS NOT NULL AND value IS NOT NULL
ORDER BY name;
