/** Where the server's time goes: a row for the measured model of each point, and one for each model that it calls. */

import type {Cell, ReportColumn, ReportRows} from '../schemas/report-rows.ts';
import type {ComposingModel, ServerStatistics, Study, StudyPoint} from '../schemas/study.ts';
import {listVariants, variantKey} from '../schemas/study-variant.ts';
import {loadKind, loadValue, toNs} from './study-rows.ts';

/** Requests of a called model for each request of the measured one; null where one of them is not known. */
const callsOf = (point: StudyPoint, model: ServerStatistics): number | null => {
	const own = point.server?.successCount ?? 0;
	return own === 0 || model.successCount === undefined ? null : model.successCount / own;
};

const listCells = (
	point: StudyPoint,
	variant: string,
	name: string,
	depth: number,
	model: ServerStatistics,
): readonly Cell[] => [
	variant,
	loadValue(point.load),
	name,
	depth,
	model.successCount ?? null,
	model.executionCount ?? null,
	callsOf(point, model),
	...[
		model.requestTime,
		model.overhead,
		model.queue,
		model.cache,
		model.compute,
		model.computeInput,
		model.computeInfer,
		model.computeOutput,
	].map(toNs),
];

const listColumns = (points: readonly StudyPoint[]): readonly ReportColumn[] => [
	{title: 'Variant', kind: 'text', short: 'variant'},
	{title: 'Load Value', kind: loadKind(points.map(({load}) => load)), short: 'at'},
	{title: 'Model', kind: 'text', short: 'model'},
	{title: 'Level', kind: 'count'},
	{title: 'Requests', kind: 'count', short: 'requests'},
	{title: 'Executions', kind: 'count', short: 'runs'},
	{title: 'Calls Per Request', kind: 'real', short: 'calls'},
	{title: 'Request (ns)', kind: 'duration', short: 'request ms'},
	{title: 'Overhead (ns)', kind: 'duration', short: 'overhead ms'},
	{title: 'Queue (ns)', kind: 'duration', short: 'queue ms'},
	{title: 'Cache (ns)', kind: 'duration', short: 'cache ms'},
	{title: 'Compute (ns)', kind: 'duration', short: 'compute ms'},
	{title: 'Compute Input (ns)', kind: 'duration', short: 'input ms'},
	{title: 'Compute Infer (ns)', kind: 'duration', short: 'infer ms'},
	{title: 'Compute Output (ns)', kind: 'duration', short: 'output ms'},
];

const nameOf = ({name, version}: ComposingModel): string =>
	version === '' ? name : `${name} v${version}`;

/** Points of which the server told nothing have no row. */
export const listModelRows = ({points}: Pick<Study, 'points'>): ReportRows => {
	const told = points.filter(({server, composing}) => server !== null || composing.length > 0);
	const variants = listVariants(points);
	return {
		columns: listColumns(told),
		length: told.reduce((sum, {composing}) => sum + 1 + composing.length, 0),
		rows: told.flatMap((point) => {
			const variant = variants.get(variantKey(point)) ?? point.label;
			return [
				listCells(point, variant, point.model ?? '(measured)', 0, point.server ?? {}),
				...point.composing.map((model) =>
					listCells(point, variant, nameOf(model), model.depth, model),
				),
			];
		}),
	};
};
