-- One row: a mark (an instant event) in one of the given domains, a JSON array of domain ids.
-- Left out: marks of other domains, and those of no thread.
SELECT
	start - :baseNs AS atNs,
	globalTid >> 24 AS process,
	globalTid & 0xFFFFFF AS tid,
	domainId AS domain,
	textId,
	CAST(text AS TEXT) AS text
FROM NVTX_EVENTS
WHERE
	eventType = 34
	AND globalTid IS NOT NULL
	AND domainId IN (SELECT value FROM json_each(:domains))
ORDER BY start, rowid;
