-- One row: a process that called the CUDA API, as its packed thread ids have it: all but the lower 24 bits.
-- Left out: all but two. The question is whether there is one.
SELECT DISTINCT globalTid >> 24 AS process
FROM CUPTI_ACTIVITY_KIND_RUNTIME
WHERE globalTid IS NOT NULL
ORDER BY process
LIMIT 2;
