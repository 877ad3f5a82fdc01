-- One row: a fact about the export itself under the name that its table had up to schema 3.1.7: the version of its schema, its options.
-- Left out: facts without a value.
SELECT CAST(name AS TEXT) AS name, CAST(value AS TEXT) AS value
FROM EXPORT_META_DATA
WHERE name IS NOT NULL AND value IS NOT NULL
ORDER BY name;
