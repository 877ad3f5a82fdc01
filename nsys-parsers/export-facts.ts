/** What an export tells of the machine that was recorded. */

import {explainSqliteError, openExport} from './export-file.ts';
import {readRows} from './export-tables.ts';
import {targetFacts} from './queries/target-facts.ts';
import {targetGpus} from './queries/target-gpus.ts';

/** null, or an empty list, where the export does not tell. */
export interface ExportFacts {
	readonly host: string | null;
	readonly system: string | null;
	readonly cpu: string | null;
	readonly cores: string | null;
	readonly driver: string | null;
	/** That the driver supports: "12.8". */
	readonly cuda: string | null;
	/** That recorded, not the one that exported: "2024.6.2". */
	readonly nsys: string | null;
	readonly gpus: readonly {readonly name: string; readonly uuid: string | null}[];
}

/** 12080 is CUDA 12.8. */
const readCudaVersion = (number: string | null): string | null =>
	number !== null && /^\d{4,6}$/.test(number)
		? `${Math.floor(Number(number) / 1000)}.${Math.floor((Number(number) % 1000) / 10)}`
		: null;

/** From ".../nsight-systems-cli/2026.2.1/target-linux-x64". */
const findNsysVersion = (folder: string | null): string | null =>
	/\d{4}\.\d+\.\d+/.exec(folder ?? '')?.[0] ?? null;

/** @throws UserError when the file is missing, unreadable, damaged, or no SQLite file */
export const readExportFacts = (file: string): ExportFacts => {
	using from = openExport(file);
	try {
		const facts = new Map(readRows(from, targetFacts).map(({name, value}) => [name, value]));
		const find = (name: string): string | null => facts.get(name) ?? null;
		const cpu = find('CpuDescription');
		return {
			host: find('Hostname'),
			system: find('OsDescription'),
			cpu: cpu === 'unknown' ? null : cpu,
			cores: find('CpuCores'),
			driver: find('NvDriverVersion'),
			cuda: readCudaVersion(find('CudaDriverVersion')),
			nsys: findNsysVersion(find('TargetInstallDir')),
			gpus: readRows(from, targetGpus),
		};
	} catch (error) {
		throw explainSqliteError(file, error);
	}
};
