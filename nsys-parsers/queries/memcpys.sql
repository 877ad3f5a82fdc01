-- One row: a copy of memory, with its times on the GPU.
-- Left out: nothing; rows without a process or a correlation id belong to no call.
SELECT
	start - :baseNs AS startNs,
	end - :baseNs AS endNs,
	globalPid >> 24 AS process,
	correlationId AS correlation
FROM CUPTI_ACTIVITY_KIND_MEMCPY
ORDER BY rowid;
