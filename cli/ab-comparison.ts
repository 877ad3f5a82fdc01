/** What `ab` makes of its two run folders: the looks between rounds, the comparison at the end, the calibration. */

import path from 'node:path';
import {ExitCode} from '../base/errors.ts';
import {formatNoise} from '../report/noise-table.ts';
import {compareCandidate} from '../results/comparison/candidate-comparison.ts';
import {listFloors} from '../results/comparison/noise-floor.ts';
import type {Side} from '../results/comparison/side.ts';
import type {CandidateComparison, GateReport} from '../schemas/comparison-report.ts';
import {ComparisonReport} from '../schemas/comparison-report.ts';
import {writeJsonFile} from '../schemas/json-file.ts';
import type {NoiseFloors} from '../schemas/noise-floor.ts';
import {abFiles} from '../schemas/run-files.ts';
import type {AbRequest} from './ab-options.ts';
import type {Context} from './command.ts';
import {
	chooseExitCode,
	compareSidesOf,
	describeOptions,
	laterNsys,
	printReport,
} from './compare.ts';
import {sayUnused} from './compare-exit.ts';
import type {CompareRequest} from './compare-options.ts';
import type {CompareTools, ReadSide} from './compared-side.ts';
import {readSide} from './compare-sides.ts';
import {describeCalibration, locateNoiseFloors, writeNoiseFloors} from './noise-floor-store.ts';
import type {Terminal} from './terminal.ts';

interface Compared {
	readonly baseline: ReadSide;
	readonly candidate: CandidateComparison;
}

const makeTools = ({nsys, noiseFloor}: AbRequest, {env, cwd}: Context): CompareTools => ({
	findNsys: laterNsys(nsys, env),
	noiseFloor: noiseFloor === undefined ? undefined : path.resolve(cwd, noiseFloor),
	env,
});

const readFolders = async (
	{outputFolder, compare}: AbRequest,
	{findNsys}: CompareTools,
): Promise<readonly [ReadSide, ReadSide]> => {
	const read = async (label: 'a' | 'b'): Promise<ReadSide> =>
		readSide({label, path: path.join(outputFolder, abFiles[label])}, {...compare, findNsys});
	return [await read('a'), await read('b')];
};

/** As if the rounds ended here: such a look may err far more rarely than the last one. */
const endEarly = ({side, ...read}: ReadSide): ReadSide => ({
	...read,
	side: {...side, rounds: markClear(side.rounds)},
});

const markClear = (rounds: Side['rounds']): Side['rounds'] =>
	rounds === null ? null : {...rounds, repeatsEnd: {reason: 'clear', message: ''}};

/** Noise is what a calibration wants to see, whatever floor is known already. */
const compareCalibration = (baseline: ReadSide, candidate: ReadSide, {compare}: CompareRequest) =>
	compareCandidate(baseline.side, candidate.side, {...compare, noiseFloorOf: () => undefined});

/** @throws UserError where the two have nothing in common, or nothing that is wanted */
const compareFolders = async (
	request: AbRequest,
	tools: CompareTools,
	compare: CompareRequest,
	change: (read: ReadSide) => ReadSide = (read) => read,
): Promise<Compared> => {
	const [a, b] = await readFolders(request, tools);
	const [baseline, candidate] = [change(a), change(b)];
	return {
		baseline,
		candidate: request.calibrates
			? compareCalibration(baseline, candidate, compare)
			: await compareSidesOf(baseline, candidate, compare, tools),
	};
};

/** No round brings back what one side does not have. */
const isOpen = ({outcome, doubt}: GateReport['ranges'][number]): boolean =>
	outcome === 'undecided' && doubt !== 'not-in-candidate' && doubt !== 'not-in-baseline';

/** Whether further rounds could add nothing to the answer. */
export const isClear = ({
	gate,
	comparisons,
}: Pick<CandidateComparison, 'gate' | 'comparisons'>): boolean =>
	gate === null
		? comparisons.every(({verdict}) => verdict !== 'inconclusive')
		: gate.outcome === 'regression' || (gate.ranges.length > 0 && !gate.ranges.some(isOpen));

/**
 * Between rounds.
 * @returns whether the answer is clear
 * @throws UserError where the two have nothing in common, or nothing that is wanted
 */
export const lookAtRounds = async (request: AbRequest, context: Context): Promise<boolean> => {
	// Kernels explain an answer: while there is none, no report needs to be read.
	const compare = {...request.compare, mostReports: 0};
	const {candidate} = await compareFolders(request, makeTools(request, context), compare, endEarly);
	return !request.calibrates && isClear(candidate);
};

/** After the last one. @returns the exit code */
export const concludeRounds = async (
	request: AbRequest,
	terminal: Terminal,
	context: Context,
): Promise<number> => {
	const {compare, outputFolder} = request;
	const tools = makeTools(request, context);
	const {baseline, candidate} = await compareFolders(request, tools, compare);
	const exitCode = chooseExitCode([candidate], compare);
	const report: ComparisonReport = {
		formatVersion: 1,
		exitCode,
		unit: 'milliseconds',
		options: describeOptions(compare),
		baseline: baseline.side.input,
		candidates: [candidate],
	};
	await printReport(report, compare, terminal);
	sayUnused([candidate], compare, terminal);
	const file = path.join(outputFolder, abFiles.comparison);
	writeJsonFile(ComparisonReport, file, report);
	terminal.say('info', `comparison ${file}`);
	return exitCode;
};

/** After the last one of a calibration: prints it and keeps it. */
export const concludeCalibration = async (
	request: AbRequest,
	terminal: Terminal,
	context: Context,
): Promise<number> => {
	const tools = makeTools(request, context);
	const {baseline, candidate} = await compareFolders(request, tools, request.compare);
	const {manifest} = baseline;
	if (manifest === null) {
		throw new Error('a run of ours has no manifest');
	}

	const ranges = [...listFloors(candidate.comparisons)];
	const floors: NoiseFloors = {
		...describeCalibration(manifest),
		createdAt: new Date().toISOString(),
		rounds: Math.max(0, ...candidate.comparisons.map((comparison) => comparison.baseline.n)),
		ranges,
	};
	if (request.compare.format === 'json') {
		terminal.print(JSON.stringify(floors, null, '\t'));
	} else {
		terminal.print(formatNoise(floors));
	}

	if (ranges.length === 0) {
		terminal.say('warning', 'Too few whole rounds to know the noise: nothing is kept.');
		return ExitCode.inconclusive;
	}

	const file = request.noiseFloor ?? locateNoiseFloors(manifest, context.env);
	writeNoiseFloors(path.resolve(context.cwd, file), floors);
	terminal.say('info', `noise floor ${file}`);
	return ExitCode.done;
};
