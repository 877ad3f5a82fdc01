/** The panel below: each series over one of them, at the values of x that both have. */

import type {LinesPanel, PlotSeries} from './figure.ts';

/** Letters that fit beside the panel. */
const longestName = 14;

const nameRatio = (name: string): string =>
	name.length > longestName ? 'ratio to the first' : `ratio to ${name}`;

/** A value of x that a series has more than once, repeats of a load say, is compared by its first. */
const indexValues = ({points}: PlotSeries): ReadonlyMap<number, number> =>
	new Map(
		points.toReversed().flatMap(({x, y}) => (y === null || y === 0 ? [] : [[x, y] as const])),
	);

export const ratioPanel = (series: readonly PlotSeries[], base: PlotSeries): LinesPanel => {
	const divisors = indexValues(base);
	return {
		kind: 'lines',
		height: 110,
		y: {label: nameRatio(base.name), scale: 'auto', from: 'data', include: [1]},
		reference: 1,
		series: series.map((one): PlotSeries => ({
			...one,
			points: one.points.map(({x, y, mark}) => {
				const divisor = divisors.get(x);
				const ratio = y === null || divisor === undefined ? null : y / divisor;
				return {x, y: ratio, ...(mark === undefined || ratio === null ? {} : {mark})};
			}),
		})),
	};
};
