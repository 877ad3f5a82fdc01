-- One row: a kind of video engine by the number that workloads bear: NVDEC, NVENC, NVJPEG, OFA.
-- Left out: kinds without a name.
SELECT id, CAST(name AS TEXT) AS name
FROM ENUM_VIDEO_ENGINE_TYPE
WHERE name IS NOT NULL
ORDER BY id;
