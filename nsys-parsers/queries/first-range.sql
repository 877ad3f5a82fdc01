-- One row: when the push/pop range that stands first in the file began (or, without any, the start/end range), in the
-- file's own times. It need not be the earliest, but mostly is: then no time has to be counted anew.
-- Left out: all others. Without ranges there is no row.
SELECT startNs
FROM (
	SELECT coalesce(
		(
			SELECT start
			FROM NVTX_EVENTS
			WHERE eventType IN (59, 70) AND start IS NOT NULL
			ORDER BY rowid
			LIMIT 1
		),
		(
			SELECT start
			FROM NVTX_EVENTS
			WHERE eventType IN (60, 71) AND start IS NOT NULL
			ORDER BY rowid
			LIMIT 1
		)
	) AS startNs
)
WHERE startNs IS NOT NULL
