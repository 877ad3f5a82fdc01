-- One row: how long the profiler listened, from time 0 on: the end that it gives to ranges that were never popped.
-- Left out: nothing.
SELECT max(duration) AS durationNs
FROM ANALYSIS_DETAILS
ORDER BY 1;
