-- One row: a push/pop range (59; 70 is its NVTXT version) of any domain and thread. `process` and `tid` come from
-- globalTid, which can pass 2^53: it is split here, and its process part keeps the hardware and virtual machine bits.
-- Left out: start/end ranges, marks, and the declarations of domains, categories and thread names.
SELECT
	rowid AS rowId,
	start - :baseNs AS startNs,
	end - :baseNs AS endNs,
	coalesce(globalTid, 0) >> 24 AS process,
	coalesce(globalTid, 0) & 0xFFFFFF AS tid,
	coalesce(domainId, 0) AS domain,
	textId,
	text
FROM NVTX_EVENTS
WHERE eventType IN (59, 70)
ORDER BY rowid;
