/** What was run, on what: facts of the manifest as a list, GPUs as a table. What is not known is left out. */

import {plural} from '../../base/plural.ts';
import type {GpuFacts} from '../../schemas/fingerprint.ts';
import type {Manifest} from '../../schemas/manifest.ts';
import {formatBytes, formatText} from '../cell-text.ts';
import {formatElapsed} from '../format.ts';
import {markup, Markup, nothing, type Content} from './markup.ts';
import {emptyCell, numberCell, textCell, writeTable} from './table.ts';

/** A command line is read to its end, unless it is a whole script. */
const longestCommand = 2000;
const longestFact = 300;

export interface Fact {
	readonly name: string;
	/** "": left out. */
	readonly value: Content;
}

export const writeFacts = (facts: readonly Fact[]): Markup => {
	const known = facts.filter(({value}) => value !== '');
	return known.length === 0
		? nothing
		: markup`<dl class="facts">
				${known.map(
					({name, value}) =>
						markup`<dt>${name}</dt>
							<dd>${value}</dd>
`,
				)}
			</dl>
`;
};

/** "2026-11-21 16:00:03 UTC". */
export const formatMoment = (iso: string): string =>
	iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d).*$/, '$1 $2 UTC');

const seconds = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;

/** Words that a shell would take apart stand in quotes. */
export const quoteCommand = (words: readonly string[]): string =>
	words
		.map((word) =>
			/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`,
		)
		.join(' ');

const command = (words: readonly string[]): Markup =>
	markup`<code>${formatText(quoteCommand(words), longestCommand)}</code>`;

const fact = (text: string | null | undefined): string =>
	text === null || text === undefined ? '' : formatText(text, longestFact);

const describeEnd = ({status, startedAt, endedAt}: Manifest): Content => {
	const ended = endedAt === null ? '' : formatElapsed(seconds(startedAt, endedAt));
	switch (status) {
		case 'done':
			return ended;
		case 'interrupted':
			return markup`${ended} <span class="state warn">interrupted</span>`;
		case 'running':
			return markup`<span class="state warn"
				>not ended: it still runs, or its launcher was killed</span
			>`;
	}
};

const describePlan = ({options}: Manifest): string =>
	[
		plural(options.processesPerGpu, 'process', 'processes') +
			(options.gpus > 1 ? ` on each of ${options.gpus} GPUs` : ''),
		...(options.repeats > 1 ? [plural(options.repeats, 'repeat')] : []),
		`${options.warmupBatches} warm-up ${options.warmupBatches === 1 ? 'batch' : 'batches'} at each end`,
		...((options.syncStartSeconds ?? null) === null ? [] : ['begun together']),
		...(options.timeoutSeconds === null ? [] : [`timeout ${options.timeoutSeconds} s`]),
		...(options.dropThrottled === true ? ['throttled batches left out'] : []),
	].join(', ');

const describeMachine = ({machine, fingerprint}: Manifest): string =>
	[
		machine.host,
		`${machine.cpu}, ${plural(machine.cores, 'core')}`,
		formatBytes(machine.memoryBytes),
		`kernel ${machine.kernel}`,
		...(fingerprint?.machine.container ? [fingerprint.machine.container] : []),
	]
		.map((part) => fact(part))
		.join(', ');

const describeProfiler = ({profiler}: Manifest): string =>
	profiler.kind === 'nsys'
		? `nsys ${profiler.version}`
		: `the built-in one: ${fact(profiler.reason)}`;

const describeClocks = ({clocks}: Manifest): string => {
	if (clocks === undefined) {
		return '';
	}

	const wish = typeof clocks.requested === 'number' ? `${clocks.requested} MHz` : clocks.requested;
	const refused = new Set(
		clocks.gpus.flatMap(({commands}) =>
			commands.filter(({outcome}) => outcome !== 'done').map(({setting}) => setting),
		),
	);
	const without = refused.size === 0 ? '' : `; not set: ${[...refused].join(', ')}`;
	return `asked for ${wish}${without}`;
};

const describeCommit = ({fingerprint}: Manifest): string => {
	const git = fingerprint?.git ?? null;
	return git === null
		? ''
		: `${fact(git.commit)}${git.branch === null ? '' : ` (${fact(git.branch)})`}${git.dirty ? ', changed since' : ''}`;
};

const describePython = ({fingerprint}: Manifest): string => {
	const python = fingerprint?.python ?? null;
	const packages = Object.entries(python?.packages ?? {}).map(([name, version]) =>
		fact(`${name} ${version}`),
	);
	return python === null ? '' : [fact(python.version), ...packages].join(', ');
};

const describeEnvironment = ({environment = {}, fingerprint}: Manifest): Content => {
	const all = Object.entries({...fingerprint?.environment, ...environment});
	return all.length === 0
		? ''
		: markup`<code>${all.map(([name, value]) => fact(`${name}=${value}`)).join(' ')}</code>`;
};

export const listRunFacts = (manifest: Manifest): readonly Fact[] => [
	{name: 'command', value: command(manifest.command)},
	{name: 'program', value: command(manifest.program)},
	{name: 'working folder', value: markup`<code>${fact(manifest.workingDirectory)}</code>`},
	{name: 'started', value: formatMoment(manifest.startedAt)},
	{name: 'took', value: describeEnd(manifest)},
	{name: 'plan', value: describePlan(manifest)},
	{name: 'repeats ended', value: fact(manifest.repeatsEnd?.message)},
	{name: 'machine', value: describeMachine(manifest)},
	{name: 'clocks', value: describeClocks(manifest)},
	{name: 'CUDA of driver', value: fact(manifest.fingerprint?.driverCudaVersion)},
	{name: 'profiler', value: describeProfiler(manifest)},
	{name: 'Python', value: describePython(manifest)},
	{name: 'commit', value: describeCommit(manifest)},
	{name: 'environment', value: describeEnvironment(manifest)},
	{
		name: 'versions',
		value: `benchmark ${manifest.versions.benchmark}, Node ${manifest.versions.node}`,
	},
];

interface GpuRow {
	readonly index: number;
	readonly name: string;
	readonly driver: string;
	readonly uuid: string;
	readonly facts: GpuFacts | undefined;
	readonly toldMhz: number | null;
}

const listGpuRows = ({gpus, fingerprint, clocks}: Manifest): readonly GpuRow[] =>
	gpus.map(({index, name, driver, uuid}) => ({
		index,
		name,
		driver,
		uuid,
		facts: fingerprint?.gpus.find((gpu) => gpu.uuid === uuid),
		toldMhz: clocks?.gpus.find((gpu) => gpu.uuid === uuid)?.toldMhz ?? null,
	}));

const whole = (value: number): string => String(value);

/** Nothing where the run had no GPU. */
export const writeGpus = (manifest: Manifest): Markup => {
	const rows = listGpuRows(manifest);
	const right = {align: 'right'} as const;
	return rows.length === 0
		? nothing
		: writeTable({
				caption: 'GPUs of the machine.',
				rows,
				columns: [
					{title: 'GPU', align: 'left', cell: ({index}) => textCell(String(index))},
					{title: 'name', align: 'left', cell: ({name}) => textCell(fact(name))},
					{title: 'driver', align: 'left', cell: ({driver}) => textCell(fact(driver))},
					{
						title: 'SM clock up to MHz',
						...right,
						cell: ({facts}) => numberCell(facts?.maxSmClockMhz, whole),
					},
					{title: 'told before MHz', ...right, cell: ({toldMhz}) => numberCell(toldMhz, whole)},
					{
						title: 'power limit W',
						...right,
						cell: ({facts}) => numberCell(facts?.enforcedPowerLimitWatts, whole),
					},
					{title: 'memory MiB', ...right, cell: ({facts}) => numberCell(facts?.memoryMib, whole)},
					{
						title: 'MIG',
						align: 'left',
						cell: ({facts}) => (facts?.migMode === true ? textCell('on') : emptyCell),
					},
					{title: 'UUID', align: 'left', cell: ({uuid}) => textCell(fact(uuid))},
				],
			});
};
