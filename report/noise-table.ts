/** What a calibration found, for the terminal. */

import {plural} from '../base/plural.ts';
import type {NoiseFloors} from '../schemas/noise-floor.ts';
import {formatText} from './cell-text.ts';
import {alignColumns} from './columns-table.ts';
import {formatSize} from './comparison-numbers.ts';

/** Of a path. */
const widest = 100;

const formatKnown = (share: number | null): string => (share === null ? '?' : formatSize(share));

/** Ranges in the order of their floors, the noisiest last: they are what limits a comparison. */
export const formatNoise = ({ranges, rounds, program, machine}: NoiseFloors): string => {
	const rows = ranges
		.toSorted((a, b) => a.floor - b.floor)
		.map(({path, metric, floor, detectable}) => [
			formatText(path, widest),
			metric,
			formatSize(floor),
			formatKnown(detectable),
		]);
	const heading = `${formatText(program, widest)} against itself on ${formatText(machine.host, widest)}, ${plural(rounds, 'round')}`;
	return [
		heading,
		'',
		...alignColumns(
			['range', 'metric', 'noise floor', 'would be found'],
			['left', 'left', 'right', 'right'],
			rows,
		),
		'',
		'noise floor: no change of this size or less will be called one.',
		'would be found: a change that as many rounds show in four cases of five.',
	].join('\n');
};
