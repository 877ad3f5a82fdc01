-- One row: a call of the CUDA runtime or driver that can have started work on a GPU.
-- Left out: calls that nothing can refer to (no correlation id) and calls of no thread.
SELECT
	start - :baseNs AS startNs,
	end - :baseNs AS endNs,
	globalTid >> 24 AS process,
	globalTid & 0xFFFFFF AS tid,
	correlationId AS correlation
FROM CUPTI_ACTIVITY_KIND_RUNTIME
WHERE correlationId IS NOT NULL AND globalTid IS NOT NULL
ORDER BY rowid;
