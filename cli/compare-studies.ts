/** `benchmark compare` where it was given studies: their points against each other, or the variants of one. */

import {existsSync} from 'node:fs';
import path from 'node:path';
import {UserError} from '../base/errors.ts';
import {formatRows} from '../report/row-formats.ts';
import {describeComparison, listComparisonRows} from '../report/study-comparison-rows.ts';
import {isUsable} from '../results/study/line-points.ts';
import {compareStudies, type ComparedPoints} from '../results/study/study-comparison.ts';
import {StudyComparison, type ComparedStudy} from '../schemas/study-comparison.ts';
import type {Warning} from '../schemas/warning.ts';
import {chooseGatedExit, sayUnused, type Gated} from './compare-exit.ts';
import {readCompareRequest, type CompareRequest} from './compare-options.ts';
import {listOption, type Parsed} from './options.ts';
import {printLines} from './study-answers.ts';
import {describeChange} from './study-changes.ts';
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

const mostAbsent = 5;

/** Why a gate is undecided although all that was compared is within its limit. */
const noteAbsent = (gate: ComparedPoints['gate']): readonly Warning[] => {
	const absent = gate?.absent ?? [];
	const named = absent.slice(0, mostAbsent).map(({path, from}) => `${path} (not in the ${from})`);
	const more = absent.length - named.length;
	const message = `--fail-on asks for what one side alone has, so it is undecided there: ${named.join(', ')}${more > 0 ? `, and ${more} more` : ''}.`;
	return absent.length === 0 ? [] : [{code: 'gate-undecided', message}];
};

const describeSide = ({label, file, points}: StudySide): ComparedStudy['input'] => ({
	label,
	file,
	points: points.filter(isUsable).length,
});

interface Compared {
	readonly candidate: ComparedStudy;
	readonly gated: Gated;
}

/** What a candidate is held against. */
interface Bases {
	readonly baseline: StudySide;
	/** The variant before; null where studies are compared, which are no series. */
	readonly previous: StudySide | null;
}

const noteNothing = (sides: readonly StudySide[]): Warning => ({
	code: 'no-point-in-common',
	message:
		`${sides.map(({label}) => label).join(' and ')} have no point in common. ${describeUnusable(sides)}`.trim(),
});

const compareSide = (
	{baseline, previous}: Bases,
	candidate: StudySide,
	request: CompareRequest,
	metrics: readonly string[] | null,
): Compared => {
	const {statistics, limits, fits} = request.compare;
	const compareWith = (base: StudySide): ComparedPoints =>
		compareStudies(base.points, candidate.points, {
			areVariants: base.study === candidate.study,
			statistics,
			limits: base === baseline ? limits : [],
			metrics,
			fits: (point) => fits(point, 'throughput'),
		});
	const compared = compareWith(baseline);
	const before =
		previous === null ? null : previous === baseline ? compared.rows : compareWith(previous).rows;
	const sides = [baseline, candidate];
	return {
		candidate: {
			input: describeSide(candidate),
			changes: compared.rows.map((row) => describeChange(row, before)),
			unmatched: [...compared.unmatched],
			gate: compared.gate?.outcome ?? null,
			notes: [
				...noteAbsent(compared.gate),
				...noteLeftOut(sides),
				...(compared.rows.length === 0 ? [noteNothing(sides)] : []),
			],
		},
		gated: {gate: compared.gate},
	};
};

/**
 * Of studies each must have something in common with the first: another one was meant. Of variants some have, as those
 * that failed do not.
 * @throws UserError where there is nothing to compare
 */
const compareSides = (
	[baseline, ...others]: readonly StudySide[],
	request: CompareRequest,
	metrics: readonly string[] | null,
): {readonly baseline: StudySide; readonly compared: readonly Compared[]} => {
	if (baseline === undefined) {
		throw new Error('no baseline was read');
	}

	const isSeries = others.every(({study}) => study === baseline.study);
	const compared = others.map((other, place) => {
		const previous = isSeries ? (others[place - 1] ?? baseline) : null;
		return compareSide({baseline, previous}, other, request, metrics);
	});
	const isEmpty = ({candidate}: Compared): boolean => candidate.changes.length === 0;
	const place = compared.findIndex(isEmpty);
	const lacking = others[place];
	if (lacking !== undefined && (!isSeries || compared.every(isEmpty))) {
		throw new UserError(`${baseline.label} and ${lacking.label} have no point in common`, {
			next: `${describeUnusable([baseline, lacking])}${isSeries ? 'Variants are matched by load' : 'Points are matched by load, batch size, protocol, shared memory, model and variant'}: study.json#VARIANT picks one.`,
		});
	}

	return {baseline, compared};
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
const readMetrics = (texts: readonly string[]): readonly string[] | null => {
	const names = texts.flatMap((text) => text.split(',').map((name) => name.trim()));
	const wrong = names.find(
		(name) => !/^(?:throughput|goodput|mean|p\d{1,2}(?:\.\d+)?)$/.test(name),
	);
	if (wrong !== undefined) {
		throw new UserError(`--metric ${texts.join(',')}: "${wrong}" is no metric of a study`, {
			next: 'Metrics are throughput, goodput, mean and percentiles such as p99.',
		});
	}

	return names.length === 0 ? null : names;
};

/** @returns the exit code */
export const compareStudyFiles = async (
	parsed: Parsed & {readonly _: readonly unknown[]},
	terminal: Terminal,
	cwd: string,
): Promise<number> => {
	const given = parsed._.map((each) => path.resolve(cwd, String(each)));
	const metrics = readMetrics(listOption(parsed, 'metric'));
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
	const {baseline, compared} = compareSides(readSides(given, files), request, metrics);
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
