/** `npm run bench`: what the launcher and the annotation libraries cost, each beside what it is compared with. */

import {formatColumns} from '../report/range-table.ts';
import {runAnnotationOverhead} from './annotation-overhead.ts';
import {measureLauncherCost} from './launcher-cost.ts';

const print = (rows: readonly (readonly string[])[]): void => {
	const [titles = [], ...lines] = rows;
	const aligns = titles.map((_, column) => (column === 0 ? ('left' as const) : ('right' as const)));
	console.log(`${formatColumns(titles, aligns, lines)}\n`);
};

print(measureLauncherCost() ?? [['launcher cost: no nsys here, `npm run nsys` fetches one']]);
print(await runAnnotationOverhead());
