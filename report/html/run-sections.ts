/** The parts of a run's page; a comparison's page has them of each side. */

import {plural} from '../../base/plural.ts';
import type {MeanResult} from '../../schemas/benchmark-result.ts';
import type {Manifest} from '../../schemas/manifest.ts';
import {drawBatchFigures} from '../batch-figures.ts';
import type {ProcessBatches} from '../batch-series.ts';
import {formatText} from '../cell-text.ts';
import {formatMilliseconds} from '../format.ts';
import {listRangeRows, type RangeRow} from '../range-rows.ts';
import {formatThroughput} from '../range-table.ts';
import {listRunFacts, writeFacts, writeGpus} from './facts.ts';
import {writeGpuSection} from './gpu-section.ts';
import {writeFiles, type FileLink} from './links.ts';
import {markup, Markup, nothing, type Content} from './markup.ts';
import {countNotes, writeNotes, type PageNote} from './notes.ts';
import type {Section} from './page.ts';
import {writePicture, type Picture} from './picture.ts';
import {writeRanges} from './range-section.ts';
import {listThroughputs, writeThroughputs} from './throughput.ts';
import {describeFailures, writeWorkers, type PageWorker} from './workers.ts';

/** A run as it lies on the disk. */
export interface RunPage {
	/** "6 processes, in 3 repeats, medians"; "" without results. */
	readonly heading: string;
	/** null: results that were made of bare reports. */
	readonly manifest: Manifest | null;
	/** null: no worker completed, or the run is not over. */
	readonly mean: MeanResult | null;
	readonly workers: readonly PageWorker[];
	readonly batches: readonly ProcessBatches[];
	/** Of the GPUs, over time. */
	readonly gpuPictures: readonly Picture[];
	readonly files: readonly FileLink[];
	/** The run's warnings, and what of it could not be read. */
	readonly notes: readonly PageNote[];
}

const section = (id: string, title: string, content: Markup): readonly Section[] =>
	content === nothing ? [] : [{id, title, content}];

const nameAlarms = (notes: readonly PageNote[]): string => {
	const counts = [countNotes(notes, 'failure'), countNotes(notes, 'warning')] as const;
	const [failures, warnings] = counts.map((count) => (count === 1 ? '' : 's'));
	return [
		...(counts[0] > 0 ? [`failure${failures ?? ''}`] : []),
		...(counts[1] > 0 ? [`warning${warnings ?? ''}`] : []),
	].join(' and ');
};

const figure = (name: string, value: Content): Markup =>
	markup`<div>
		<dt>${name}</dt>
		<dd>${value}</dd>
	</div>
`;

const milliseconds = (value: number): Markup =>
	markup`${formatMilliseconds(value)} <small>ms</small>`;

/** A batch, by the time of all of its kind; where there is none, a range that stands in no other. */
const findCostliest = (rows: readonly RangeRow[]): RangeRow | undefined => {
	const batches = rows.filter(({isBatch}) => isBatch);
	const cost = ({cpuTime, samples}: RangeRow): number => cpuTime * samples;
	return (batches.length > 0 ? batches : rows.filter(({depth}) => depth === 0)).toSorted(
		(a, b) => cost(b) - cost(a),
	)[0];
};

/**
 * The costliest batch, its throughput, and what to worry about: what a reader looks for first.
 * @param linked whether the page has this run's notes
 */
export const writeKeyFigures = (run: RunPage, linked = true): Markup => {
	const {mean, workers} = run;
	const notes = listNotes(run);
	const costliest = findCostliest(listRangeRows(mean?.stats ?? {}));
	// The innermost one: a name may hold a "/" too.
	const rate = (mean === null ? [] : listThroughputs(mean))
		.filter(({path}) => costliest?.path.startsWith(`${path}/`) === true)
		.toSorted((a, b) => b.path.length - a.path.length)[0];
	const ended = workers.filter(({record}) => record?.outcome?.kind === 'completed').length;
	const alarms = countNotes(notes, 'failure') + countNotes(notes, 'warning');
	const name = costliest === undefined ? '' : formatText(costliest.name, 40);
	return markup`<dl class="figures">
		${costliest === undefined ? nothing : figure(`${name}, CPU`, milliseconds(costliest.cpuTime))}${
			costliest === undefined || mean?.meta.gpu_traced !== true
				? nothing
				: figure(`${name}, GPU`, milliseconds(costliest.gpuTime))
		}${rate === undefined ? nothing : figure('items per second', formatThroughput(rate))}${
			workers.some(({record}) => record !== null)
				? figure('workers completed', markup`${ended} <small>of ${workers.length}</small>`)
				: nothing
		}${alarms === 0 ? nothing : figure(nameAlarms(notes), linked ? markup`<a href="#notes">${alarms}</a>` : alarms)}
	</dl>
`;
};

const listNotes = ({notes, workers}: RunPage): readonly PageNote[] => [
	...describeFailures(workers),
	...notes,
];

const writeBatches = (batches: readonly ProcessBatches[]): Markup => {
	const {pictures, hidden} = drawBatchFigures(batches);
	return pictures.length === 0
		? nothing
		: markup`${pictures.map((svg) => writePicture({kind: 'drawn', svg}))}${hidden === 0 ? nothing : markup`<p class="legend">... and ${plural(hidden, 'series', 'series')} of batches that took less: the benchmark.json of each process has all.</p>`}`;
};

const writeNoMean = ({manifest}: RunPage): Markup =>
	manifest?.status === 'running'
		? markup`<p>
				The run has no results yet. Where its launcher was killed,
				<code>benchmark reprocess</code> makes them of the reports that are there.
			</p>`
		: markup`<p>
				No worker completed: there are no means. What one measured until it ended,
				<code>benchmark reprocess</code> tells of its report.
			</p>`;

/** What it holds nothing for is left out. */
export const listRunSections = (run: RunPage): readonly Section[] => {
	const {manifest, mean, workers, files} = run;
	return [
		...section('notes', 'To know', writeNotes(listNotes(run))),
		...section('ranges', 'Ranges', mean === null ? writeNoMean(run) : writeRanges(mean)),
		...section(
			'throughput',
			'Throughput',
			mean === null ? nothing : writeThroughputs(listThroughputs(mean)),
		),
		...section('batches', 'Batches over time', writeBatches(run.batches)),
		...section('gpus', 'GPUs', writeGpuSection(mean, run.gpuPictures)),
		...section(
			'run',
			'What was run',
			manifest === null
				? nothing
				: markup`${writeFacts(listRunFacts(manifest))}${writeGpus(manifest)}`,
		),
		...section('workers', 'Workers', workers.length === 0 ? nothing : writeWorkers(workers)),
		...section(
			'files',
			'Files',
			files.length === 0 ? nothing : writeFiles(files, 'What all of this is from.'),
		),
	];
};
