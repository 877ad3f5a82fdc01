/**
 * `npm run bench`: what reading traces, the launcher and the annotation libraries cost, each beside what it is compared
 * with. `npm run bench -- traces [events...] [--nsys]` reads traces only; trace-reading.ts says more.
 * `npm run bench -- comparison [pairs] [--candidates]` simulates comparisons; comparison-power.ts says more.
 * `npm run bench -- clock-evidence [pairs]` simulates clocks that explain changes, and clocks that do not.
 * `npm run bench -- null-pairs [pairs]` compares a program with itself under nsys; null-pairs.ts says more.
 */

import {formatColumns} from '../report/columns-table.ts';
import {runAnnotationOverhead} from './annotation-overhead.ts';
import {measureClockEvidence} from './clock-evidence.ts';
import {measureComparison} from './comparison-power.ts';
import {measureLauncherCost} from './launcher-cost.ts';
import {measureNullPairs, readNullPairsOptions} from './null-pairs.ts';
import {measureTraceReading, readTraceReadingOptions} from './trace-reading.ts';

const print = (rows: readonly (readonly string[])[]): void => {
	const [titles = [], ...lines] = rows;
	const aligns = titles.map((_, column) => (column === 0 ? ('left' as const) : ('right' as const)));
	console.log(`${formatColumns(titles, aligns, lines)}\n`);
};

const benchTraces = async (args: readonly string[]): Promise<void> => {
	const {rows, notes} = await measureTraceReading(readTraceReadingOptions(args));
	print(rows);
	console.log(notes.map((note) => `  ${note}\n`).join(''));
};

const [what, ...args] = process.argv.slice(2);
if (what === 'traces') {
	await benchTraces(args);
} else if (what === 'comparison') {
	measureComparison(args).forEach(print);
} else if (what === 'clock-evidence') {
	print(measureClockEvidence(args));
} else if (what === 'null-pairs') {
	print(measureNullPairs(readNullPairsOptions(args)) ?? [['null pairs: no nsys here']]);
} else if (what === undefined) {
	print(measureLauncherCost() ?? [['launcher cost: no nsys here, `npm run nsys` fetches one']]);
	print(await runAnnotationOverhead());
	await benchTraces([]);
} else {
	throw new Error(
		`no bench of that name: ${what}; there are \`traces\`, \`comparison\`, \`clock-evidence\` and \`null-pairs\``,
	);
}
