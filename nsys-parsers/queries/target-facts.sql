-- One row: a fact about the machine that was recorded. Without the machine's environment, which may hold secrets.
-- Left out: facts that no comparison needs, and those without a value.
SELECT CAST(name AS TEXT) AS name, CAST(value AS TEXT) AS value
FROM TARGET_INFO_SYSTEM_ENV
WHERE name IN (
		'CpuCores',
		'CpuDescription',
		'CudaDriverVersion',
		'Hostname',
		'NvDriverVersion',
		'OsDescription',
		'TargetInstallDir'
	)
	AND value <> ''
ORDER BY name, value;
