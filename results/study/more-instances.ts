/** What a study itself knows of more instances of a model: advice must not ask for what was tried and brought nothing. */

import type {LoadPoint, TimeShare} from '../../schemas/study-answers.ts';
import type {StudyPoint} from '../../schemas/study.ts';
import {computingParts, timeOf} from './latency-parts.ts';
import {describeLoad} from './load-points.ts';
import type {Line, MeasuredLoad} from './line-points.ts';
import {compareLoads} from './operating-point.ts';
import {splitLatency} from './time-shares.ts';

/** Below this the same work took as long, as far as one can tell. */
const slowedDown = 1.1;

/** A line's load with the number of instances that it was measured with. */
interface Tried {
	readonly instances: number;
	readonly measured: MeasuredLoad;
	readonly loadPoint: LoadPoint;
}

/** Which of an ensemble's models a label says that the instances are of; null where it does not say. */
const editedModel = ({label, composing}: StudyPoint): string | null =>
	composing.find(({name}) => `${label} `.includes(` of ${name} `))?.name ?? null;

/** Whether two lines differ in the number of instances alone, as far as their points tell. */
const isOtherwiseAlike = ({first: a}: Line, {first: b}: Line): boolean =>
	a.model === b.model &&
	a.batchSize === b.batchSize &&
	a.protocol === b.protocol &&
	a.sharedMemory === b.sharedMemory &&
	a.device === b.device &&
	a.load.kind === b.load.kind &&
	editedModel(a) === editedModel(b);

const measuredAt = ({loads, busiest}: Line, load: number | null): MeasuredLoad | undefined =>
	[...loads, ...(busiest === null ? [] : [busiest])].find((entry) => entry.load === load);

/** The line itself among them; a load has a throughput of its own at each number of instances. */
const listTried = (line: Line, lines: readonly Line[]): readonly Tried[] =>
	lines.flatMap((other) => {
		const {instances} = other.first;
		const measured = measuredAt(other, line.busiest?.load ?? null);
		return instances === null || measured === undefined || !isOtherwiseAlike(line, other)
			? []
			: [{instances, measured, loadPoint: describeLoad(measured, [])}];
	});

/** Fewer and more, of which the line is one: more than it has, if that was tried, else what came before it. */
const choosePair = (own: Tried, tried: readonly Tried[]): readonly [Tried, Tried] | null => {
	const fastest = (some: readonly Tried[]): Tried | undefined =>
		some.toSorted((a, b) => b.loadPoint.throughput - a.loadPoint.throughput)[0];
	const more = fastest(tried.filter(({instances}) => instances > own.instances));
	const fewer = fastest(tried.filter(({instances}) => instances < own.instances));
	return more !== undefined ? [own, more] : fewer !== undefined ? [fewer, own] : null;
};

const computingOf = (shares: readonly TimeShare[], model: string | null): number =>
	timeOf(
		shares.filter((share) => share.model === model),
		...computingParts,
	);

const fourDigits = (value: number): string => String(Number(value.toPrecision(4)));

const threeDigits = (ms: number): string => `${ms.toPrecision(3)} ms`;

/** That they share what they run on shows in how long each takes. */
const describeSlowdown = (fewer: Tried, more: Tried, model: string | null): string => {
	const [before, after] = [fewer, more].map(({measured: {points}}) =>
		computingOf(splitLatency(points), model),
	);
	return before === undefined || after === undefined || after < before * slowedDown || before === 0
		? ''
		: `; computing took ${threeDigits(after)} instead of ${threeDigits(before)}, as where instances share the cores or the device`;
};

const describeRate = ({measured, loadPoint: {throughput}}: Tried): string =>
	`${fourDigits(throughput)} infer/s${measured.points.some(({status}) => status === 'unstable') ? ' (not stable)' : ''}`;

/**
 * @param model whose instances are in question
 * @returns what more instances came to in this study, as a sentence's part; null unless they were tried, and were no faster
 */
export const describeVainInstances = (
	line: Line,
	lines: readonly Line[],
	model: string | null,
): string | null => {
	const edited = editedModel(line.first);
	const tried = listTried(line, lines);
	const own = tried.find(({measured}) => measured === measuredAt(line, line.busiest?.load ?? null));
	const pair =
		own === undefined || (edited !== null && edited !== model) ? null : choosePair(own, tried);
	if (pair === null) {
		return null;
	}

	const [fewer, more] = pair;
	const growth = compareLoads(fewer.loadPoint, more.loadPoint);
	const isVain =
		growth === 'flat' ||
		(growth === 'unsure' && more.loadPoint.throughput <= fewer.loadPoint.throughput);
	return isVain
		? `not more instances: here ${more.instances} came to ${describeRate(more)}, ${fewer.instances} to ${describeRate(fewer)}${describeSlowdown(fewer, more, model)}`
		: null;
};
