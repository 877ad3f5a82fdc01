/** `benchmark compare` where it was given studies: their points against each other, or the variants of one. */

import {existsSync} from 'node:fs';
import path from 'node:path';
import {UserError} from '../base/errors.ts';
import {describeReasons} from '../report/comparison-reasons.ts';
import {formatRows} from '../report/row-formats.ts';
import {describeComparison, listComparisonRows} from '../report/study-comparison-rows.ts';
import {isUsable} from '../results/study/line-points.ts';
import {compareStudies, isRate, type ComparedPoint} from '../results/study/study-comparison.ts';
import type {ComparisonReason} from '../schemas/comparison.ts';
import {
	StudyComparison,
	type ComparedStudy,
	type StudyChange,
} from '../schemas/study-comparison.ts';
import type {Warning} from '../schemas/warning.ts';
import {chooseGatedExit, sayUnused, type Gated} from './compare-exit.ts';
import {readCompareRequest, type CompareRequest} from './compare-options.ts';
import {textOption, type Parsed} from './options.ts';
import {printLines} from './study-answers.ts';
import {findStudy, splitVariant} from './study-files.ts';
import {readSides, type StudySide} from './study-sides.ts';
import type {Terminal} from './terminal.ts';

/** What was measured and is not compared may be all that the sides have in common. */
const describeUnusable = (sides: readonly StudySide[]): string => {
	const counts = sides.map(({label, points}) => ({
		label,
		all: points.length,
		out: points.filter((point) => !isUsable(point)).length,
	}));
	const told = counts.filter(({out}) => out > 0);
	return told.length === 0
		? ''
		: `Points that are unstable or failed are not compared: ${told.map(({label, out, all}) => `${out} of ${all} in ${label}`).join(', ')}. `;
};

const describeValues = (values: readonly number[]): StudyChange['baseline'] => ({
	value: values.reduce((sum, value) => sum + value, 0) / values.length,
	repeats: values.length,
	min: Math.min(...values),
	max: Math.max(...values),
});

/** Repeats are what the comparison calls processes. */
const explain = (row: ComparedPoint): readonly Warning[] => {
	const {reasons} = row.comparison;
	const least = Math.min(...row.values.map(({length}) => length));
	const isFew = (reason: ComparisonReason): boolean => reason.kind === 'too-few';
	const few = reasons.find((reason) => reason.kind === 'too-few');
	const windows = row.hasWindows ? ' Windows are pieces of one measurement, and no repeats.' : '';
	return [
		...(few === undefined
			? []
			: [
					{
						code: 'too-few-repeats',
						message: `There is no verdict from ${least} ${least === 1 ? 'measurement' : 'repeats'} of a side, ${few.need} repeats are needed: sweep with --repeat ${few.need}.${windows}`,
					},
				]),
		...reasons
			.filter((reason) => !isFew(reason))
			.map((reason) => ({code: reason.kind, message: describeReasons([reason]).join(' ')})),
	];
};

const describeChange = (row: ComparedPoint): StudyChange => {
	const {match, metric, values, comparison} = row;
	return {
		point: match.name,
		metric,
		unit: isRate(metric) ? 'infer/s' : 'ms',
		baseline: describeValues(values[0]),
		candidate: describeValues(values[1]),
		change: comparison.change,
		interval: comparison.interval,
		adjustedP: comparison.adjustedP,
		verdict: comparison.verdict,
		reasons: [...explain(row)],
	};
};

const noteLeftOut = (sides: readonly StudySide[]): readonly Warning[] =>
	sides.flatMap(({label, points}) => {
		const out = points.filter((point) => !isUsable(point)).length;
		return out === 0
			? []
			: [
					{
						code: 'points-left-out',
						message: `${out} of ${points.length} points of ${label} are unstable or failed, and are left out.`,
					},
				];
	});

const describeSide = ({label, file, points}: StudySide): ComparedStudy['input'] => ({
	label,
	file,
	points: points.filter(isUsable).length,
});

interface Compared {
	readonly candidate: ComparedStudy;
	readonly gated: Gated;
}

const compareSide = (
	baseline: StudySide,
	candidate: StudySide,
	request: CompareRequest,
	metrics: readonly string[] | null,
): Compared => {
	const {statistics, limits, fits} = request.compare;
	const compared = compareStudies(baseline.points, candidate.points, {
		statistics,
		limits,
		metrics,
		fits: (point) => fits(point, 'throughput'),
	});
	if (compared.rows.length === 0) {
		throw new UserError(`${baseline.label} and ${candidate.label} have no point in common`, {
			next: `${describeUnusable([baseline, candidate])}Points are matched by load, batch size, protocol, model and variant: study.json#VARIANT picks one.`,
		});
	}

	return {
		candidate: {
			input: describeSide(candidate),
			changes: compared.rows.map(describeChange),
			unmatched: [...compared.unmatched],
			gate: compared.gate?.outcome ?? null,
			notes: [...noteLeftOut([baseline, candidate])],
		},
		gated: {gate: compared.gate},
	};
};

const printComparison = async (
	comparison: StudyComparison,
	{format, all}: CompareRequest,
	terminal: Terminal,
): Promise<void> => {
	if (format === 'json') {
		await terminal.write(`${JSON.stringify(StudyComparison.parse(comparison), null, '\t')}\n`);
		return;
	}

	if (format === 'junit' || format === 'bmf') {
		throw new UserError(`--format ${format} is not for studies`, {
			next: 'There are table, markdown, csv and json.',
		});
	}

	const isForPeople = format !== 'csv';
	for (const piece of formatRows(listComparisonRows(comparison, all || !isForPeople), format)) {
		if (!(await terminal.write(piece))) {
			return;
		}
	}

	printLines(describeComparison(comparison), format, terminal);
};

/** @throws UserError for what no study has */
const readMetrics = (text: string | undefined): readonly string[] | null =>
	text === undefined
		? null
		: text.split(',').map((part) => {
				const name = part.trim();
				if (!/^(?:throughput|goodput|mean|p\d{1,2}(?:\.\d+)?)$/.test(name)) {
					throw new UserError(`--metric ${text}: "${name}" is no metric of a study`, {
						next: 'Metrics are throughput, goodput, mean and percentiles such as p99.',
					});
				}

				return name;
			});

/** @returns the exit code */
export const compareStudyFiles = async (
	parsed: Parsed & {readonly _: readonly unknown[]},
	terminal: Terminal,
	cwd: string,
): Promise<number> => {
	const given = parsed._.map((each) => path.resolve(cwd, String(each)));
	const metrics = readMetrics(textOption(parsed, 'metric'));
	const request = readCompareRequest({...parsed, metric: undefined});
	const files = given.map((each) => {
		const file = findStudy(each);
		if (file === undefined && !existsSync(splitVariant(each).file)) {
			throw new UserError(`${each} does not exist`);
		}

		if (file === undefined) {
			throw new UserError(`${each} is no study, and the others are`, {
				next: 'Studies are compared with studies: benchmark triton import -o makes one.',
			});
		}

		return file;
	});
	const [baseline, ...others] = readSides(given, files);
	if (baseline === undefined) {
		throw new Error('no baseline was read');
	}

	const compared = others.map((other) => compareSide(baseline, other, request, metrics));
	const isUndecided = ({gate}: Gated): boolean =>
		gate === null
			? compared.some(({candidate}) =>
					candidate.changes.some(({verdict}) => verdict === 'inconclusive'),
				)
			: gate.outcome === 'undecided';
	const gates = compared.map(({gated}) => gated);
	const exitCode = chooseGatedExit(gates, request, isUndecided);
	await printComparison(
		{
			formatVersion: 1,
			exitCode,
			baseline: describeSide(baseline),
			candidates: compared.map(({candidate}) => candidate),
		},
		request,
		terminal,
	);
	sayUnused(gates, request, terminal);
	return exitCode;
};
