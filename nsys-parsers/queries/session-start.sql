-- One row: the wall clock when the session began, in ns since 1970. That is time 0 of an export that was not shifted.
-- Left out: sessions of other reports, should a file ever hold several.
SELECT utcEpochNs AS unixNs
FROM TARGET_INFO_SESSION_START_TIME
WHERE utcEpochNs IS NOT NULL
ORDER BY utcEpochNs
LIMIT 1;
