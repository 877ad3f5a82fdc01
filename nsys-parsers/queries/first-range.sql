-- One row: when the range that stands first in the file began, in the file's own times. It need not be the earliest.
-- Left out: all others. Without ranges there is no row.
SELECT start AS startNs
FROM NVTX_EVENTS
WHERE eventType IN (59, 60, 70, 71) AND start IS NOT NULL
ORDER BY rowid
LIMIT 1;
