/** The plot of `benchmark triton logs`. */

import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {messageOf, ToolError} from '../base/errors.ts';
import {drawSeriesPlot} from '../report/series-plot.ts';
import type {ProgramLogs} from '../schemas/program-logs.ts';

const describeBars = ({series}: ProgramLogs): string[] => {
	const points = series.flatMap((own) => own.points);
	const units = new Set(points.map(({unit}) => unit));
	return points.some(({interval}) => interval !== null)
		? [
				`Bars: 95 % intervals of the median over ${[...units].map((unit) => `${unit}s`).join(' or ')}.`,
			]
		: [];
};

/** @returns null where the names tell no parameter: there is nothing to plot against */
export const drawLogs = (logs: ProgramLogs): string | null => {
	const {metric, parameter, series, baseline} = logs;
	return parameter === null
		? null
		: drawSeriesPlot({
				title: `${metric.name} against ${parameter}`,
				x: {name: parameter, unit: '', scale: 'linear'},
				y: {name: metric.name, unit: metric.unit, scale: 'auto'},
				series: series.map(({label, points}) => ({
					name: label,
					points: points.flatMap((point) =>
						point.parameter === null
							? []
							: [{x: point.parameter, y: point.median, ...(point.interval ?? {})}],
					),
				})),
				ratioTo: baseline,
				notes: describeBars(logs),
			});
};

/** @returns the files */
export const writeLogPlots = async (
	logs: ProgramLogs,
	folder: string,
): Promise<readonly string[]> => {
	const svg = drawLogs(logs);
	if (svg === null) {
		return [];
	}

	const {renderPng} = await import('../report/charts/png.ts');
	const files = [path.join(folder, 'logs.svg'), path.join(folder, 'logs.png')] as const;
	try {
		writeFileSync(files[0], svg);
		writeFileSync(files[1], await renderPng(svg));
	} catch (error) {
		throw new ToolError(`${folder}: a plot cannot be written: ${messageOf(error)}`, {cause: error});
	}

	return files;
};
