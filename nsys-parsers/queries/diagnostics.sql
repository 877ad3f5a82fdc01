-- One row: a distinct thing that the profiler had to complain of (severity 2 a warning, 3 an error), and how often.
-- Left out: information (severity 1).
SELECT severity, CAST(text AS TEXT) AS text, count(*) AS times
FROM DIAGNOSTIC_EVENT
WHERE severity >= 2
GROUP BY severity, text
ORDER BY severity DESC, min(timestamp), text;
