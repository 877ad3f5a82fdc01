/** Numbers from programs' logs as rows: one for each label and value of the parameter. */

import type {ReportColumn, ReportRows} from '../schemas/report-rows.ts';
import type {ProgramLogs} from '../schemas/program-logs.ts';

export const nameMetric = ({metric: {name, unit}}: Pick<ProgramLogs, 'metric'>): string =>
	unit === '' ? name : `${name} (${unit})`;

export const listLogRows = (logs: ProgramLogs): ReportRows => {
	const points = logs.series.flatMap(({label, points: own}) =>
		own.map((point) => ({label, ...point})),
	);
	const whole = points.every(({parameter}) => Number.isInteger(parameter ?? 0));
	const columns: readonly ReportColumn[] = [
		{title: 'Label', kind: 'text', short: 'label'},
		{
			title: 'Parameter',
			kind: whole ? 'count' : 'real',
			...(logs.parameter === null ? {} : {short: logs.parameter}),
		},
		{title: 'Parameter Name', kind: 'text'},
		{title: nameMetric(logs), kind: 'real', short: logs.metric.unit || logs.metric.name},
		{title: 'Interval Low', kind: 'real', short: 'low'},
		{title: 'Interval High', kind: 'real', short: 'high'},
		{title: 'N', kind: 'count', short: 'n'},
		{title: 'Unit Of N', kind: 'text', short: 'of'},
		{title: 'StdDev', kind: 'real', short: 'std'},
		{title: 'Min', kind: 'real'},
		{title: 'Max', kind: 'real'},
		{
			title: `By ${logs.baseline ?? 'Baseline'}`,
			kind: 'real',
			...(logs.baseline === null ? {} : {short: `by ${logs.baseline}`}),
		},
		{title: 'Files', kind: 'text'},
	];
	return {
		columns,
		length: points.length,
		rows: points.map((point) => [
			point.label,
			point.parameter,
			logs.parameter,
			point.median,
			point.interval?.low ?? null,
			point.interval?.high ?? null,
			point.n,
			point.unit,
			point.std,
			point.min,
			point.max,
			point.ratio,
			point.files.map(({file}) => file).join(' '),
		]),
	};
};
