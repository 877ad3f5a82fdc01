-- One row: a string that an NVTX event refers to by textId.
-- Left out: the other strings of the trace, mostly symbols and kernel names.
SELECT id, CAST(value AS TEXT) AS value
FROM StringIds
WHERE id IN (SELECT textId FROM NVTX_EVENTS WHERE textId IS NOT NULL)
ORDER BY id;
