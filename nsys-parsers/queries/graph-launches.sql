-- One row: a CUDA graph that was traced as a whole, in place of its kernels, with its times on the GPU.
-- Left out: nothing; rows without a process or a correlation id belong to no call.
SELECT
	start - :baseNs AS startNs,
	end - :baseNs AS endNs,
	globalPid >> 24 AS process,
	correlationId AS correlation
FROM CUPTI_ACTIVITY_KIND_GRAPH_TRACE
ORDER BY rowid;
