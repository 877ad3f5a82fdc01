-- One row: how many stretches of video engine work the profiler says that it lost; NULL where it says nothing.
-- Left out: nothing.
SELECT sum(rangeCount) AS stretches
FROM GPU_VIDEO_ENGINE_MISSING
ORDER BY 1;
