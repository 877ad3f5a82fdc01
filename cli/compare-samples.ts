/** `benchmark compare -b <folder> -c <folder>...`: folders that hold a run per sample, a row for each. */

import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {messageOf, ToolError, UserError} from '../base/errors.ts';
import {makeFolder} from '../base/folders.ts';
import {terminalStyle, undecorated} from '../report/comparison-style.ts';
import {describeGate} from '../report/gate-words.ts';
import {formatRows, rowFormats} from '../report/row-formats.ts';
import {indexFloors} from '../results/comparison/noise-floor.ts';
import {noteNoiseFloors} from '../results/comparison/noise-floor-note.ts';
import {
	averageSamples,
	compareSampleList,
	listSampleRows,
	type ComparedSampleList,
	type LoneSample,
	type NamedSamples,
	type SamplePair,
} from '../results/comparison/sample-table.ts';
import type {ReportRows} from '../schemas/report-rows.ts';
import {chooseGatedExit, sayUnused} from './compare-exit.ts';
import type {CompareRequest} from './compare-options.ts';
import {readRoots, type Root} from './compare-roots.ts';
import type {CompareTools, ReadSide} from './compared-side.ts';
import {findNoiseFloors} from './noise-floor-store.ts';
import {textOption, type Parsed} from './options.ts';
import {readSamples, sayUnreadable, type Unreadable} from './sample-folders.ts';
import type {Terminal} from './terminal.ts';
import {sayWarnings} from './warning-lines.ts';

const csvName = 'benchmark_summary.csv';

const sayLeftOut = (
	baseline: Root,
	candidate: Root,
	{rows, incomparable}: ComparedSampleList,
	terminal: Terminal,
): void => {
	const say = (names: readonly string[], message: string): void => {
		if (names.length > 0) {
			sayWarnings([{code: 'left-out', message: `${message}: ${names.join(', ')}.`}], terminal);
		}
	};

	const missing = (from: Root, to: Root): readonly string[] =>
		from.samples.filter((sample) => !to.samples.includes(sample));
	say(missing(baseline, candidate), `Samples of ${baseline.name} that ${candidate.name} has not`);
	say(missing(candidate, baseline), `Samples of ${candidate.name} that ${baseline.name} has not`);
	say(
		rows.filter(({shared}) => shared > 0).map(({sample}) => sample),
		`Samples of which ${baseline.name} and ${candidate.name} hold the same measurement, copied (no "same" is claimed from that)`,
	);
	say(
		rows.flatMap(({sample, comparison: {reasons}}) =>
			reasons.some(({kind}) => kind === 'processes-missing') ? sample : [],
		),
		`Samples of which some processes have no such range, and are not in the numbers`,
	);
	say(incomparable, `Samples with no such range in both ${baseline.name} and ${candidate.name}`);
	const names = new Set(
		rows.flatMap(({differences}) =>
			differences.filter(({putsInDoubt}) => putsInDoubt).map(({name}) => name),
		),
	);
	say(
		[...names],
		`${baseline.name} and ${candidate.name} differ, so a change may come from there (--despite-differences judges all the same)`,
	);
};

const print = async (
	report: ReportRows,
	{format, all}: CompareRequest,
	terminal: Terminal,
): Promise<void> => {
	const written = rowFormats.find((name) => name === format);
	if (written === undefined) {
		throw new UserError(`--format ${format} is not made of folders of samples`, {
			next: `Formats are ${rowFormats.join(', ')}.`,
		});
	}

	for (const piece of formatRows(report, written, all ? Number.POSITIVE_INFINITY : 100)) {
		await terminal.write(piece);
	}
};

const writeCsv = (report: ReportRows, folder: string, terminal: Terminal): void => {
	const file = path.join(folder, csvName);
	try {
		makeFolder(folder);
		writeFileSync(file, [...formatRows(report, 'csv')].join(''));
	} catch (error) {
		throw new ToolError(`${file} cannot be written: ${messageOf(error)}`, {cause: error});
	}

	terminal.say('info', `summary    ${file}`);
};

const isUndecided = ({gate, rows, incomparable}: ComparedSampleList): boolean =>
	incomparable.length > 0 ||
	(gate === null
		? rows.some(({comparison: {verdict}}) => verdict === 'inconclusive')
		: gate.outcome === 'undecided');

const sayMeans = (
	baseline: string,
	candidates: readonly NamedSamples[],
	terminal: Terminal,
): void => {
	for (const candidate of candidates) {
		const mean = averageSamples(candidate);
		if (mean !== null && candidate.rows.length > 1) {
			const text = mean.toPrecision(4);
			terminal.say(
				'info',
				`${candidate.name} takes ${text} times what ${baseline} takes (geometric mean)`,
			);
		}
	}
};

/** Samples that both have. */
const pairSamples = (
	before: ReadonlyMap<string, ReadSide>,
	after: ReadonlyMap<string, ReadSide>,
	{noiseFloor, env}: CompareTools,
): readonly SamplePair[] =>
	[...before].flatMap(([sample, baseline]) => {
		const candidate = after.get(sample);
		if (candidate === undefined) {
			return [];
		}

		const manifests = [baseline, candidate].flatMap(({manifest}) => manifest ?? []);
		const found = findNoiseFloors(noiseFloor, manifests, env);
		const noiseFloorOf = indexFloors(found.map(({floors}) => floors));
		return [{sample, baseline: baseline.side, candidate: candidate.side, noiseFloorOf}];
	});

/** Samples that one side alone has, or has in a form that can be read. */
const listLone = (
	before: ReadonlyMap<string, ReadSide>,
	after: ReadonlyMap<string, ReadSide>,
): readonly LoneSample[] => {
	const pick = (
		own: ReadonlyMap<string, ReadSide>,
		other: ReadonlyMap<string, ReadSide>,
		from: LoneSample['from'],
	): readonly LoneSample[] =>
		[...own].flatMap(([sample, {side}]) => (other.has(sample) ? [] : [{sample, side, from}]));
	return [...pick(before, after, 'candidate'), ...pick(after, before, 'baseline')];
};

const style = terminalStyle(undecorated);

/** The table has no room for it. */
const sayGate = (
	{name, gate, rows}: ComparedSampleList & {readonly name: string},
	{compare}: CompareRequest,
	terminal: Terminal,
): void => {
	const comparisons = rows.map(({comparison}) => comparison);
	const lines = gate === null ? [] : describeGate(gate, comparisons, style);
	for (const line of lines) {
		terminal.say('info', `${name}: ${line}`);
	}

	sayWarnings(noteNoiseFloors(comparisons, compare.statistics.margin), terminal);
};

/** @returns the exit code */
export const compareSampleFolders = async (
	parsed: Parsed,
	request: CompareRequest,
	tools: CompareTools,
	terminal: Terminal,
	cwd: string,
): Promise<number> => {
	const [baseline, ...others] = readRoots(parsed, cwd);
	const before = await readSamples(baseline, request, tools, terminal);
	const unreadable: Unreadable[] = [...before.unreadable];
	const lists: (ComparedSampleList & {readonly name: string})[] = [];
	for (const root of others) {
		const after = await readSamples(root, request, tools, terminal);
		unreadable.push(...after.unreadable);
		const [own, other] = [before.sides, after.sides];
		const lone = listLone(own, other);
		const list = compareSampleList(pairSamples(own, other, tools), request.compare, lone);
		sayLeftOut(baseline, root, list, terminal);
		lists.push({...list, name: root.name});
	}

	if (lists.every(({rows}) => rows.length === 0)) {
		throw new UserError(`no sample of ${baseline.folder} can be compared`, {
			next: 'Each folder below -b and -c is one sample: a run folder, of the same name on all sides.',
		});
	}

	const report = listSampleRows(baseline.name, [...before.sides.keys()], lists);
	await print(report, request, terminal);
	sayMeans(baseline.name, lists, terminal);
	lists.forEach((list) => {
		sayGate(list, request, terminal);
	});
	const out = textOption(parsed, 'o');
	if (out !== undefined) {
		writeCsv(report, path.resolve(cwd, out), terminal);
	}

	sayUnused(lists, request, terminal);
	return chooseGatedExit(lists, request, isUndecided, sayUnreadable(unreadable, terminal));
};
