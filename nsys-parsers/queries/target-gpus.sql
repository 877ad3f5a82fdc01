-- One row: a GPU of the machine that was recorded.
-- Left out: GPUs without a name.
SELECT CAST(name AS TEXT) AS name, CAST(uuid AS TEXT) AS uuid
FROM TARGET_INFO_GPU
WHERE name IS NOT NULL
ORDER BY name, uuid;
