-- One row: the creation of an NVTX domain in a process (its 24 pid bits), in order of time: the first one counts.
-- Left out: domains without a process.
SELECT
	(globalTid >> 24) & 0xFFFFFF AS pid,
	domainId AS domain,
	textId,
	CAST(text AS TEXT) AS text
FROM NVTX_EVENTS
WHERE eventType = 75 AND globalTid IS NOT NULL AND domainId IS NOT NULL
ORDER BY start, rowid;
