-- One row: where the push/pop ranges of the trace begin and how late they end, in the file's own times.
-- Without ranges both are NULL.
SELECT min(start) AS firstStartNs, max(end) AS lastEndNs
FROM NVTX_EVENTS
WHERE eventType IN (59, 70)
ORDER BY 1;
