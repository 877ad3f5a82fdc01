/** Tracks of a timeline that go by stream: what ran on the GPUs of each process. */

import {operationKinds} from './gpu-operations.ts';
import type {OperationKind} from './gpu-operations.ts';
import {pidOf} from './nvtx-rows.ts';
import type {Stream} from './timeline-columns.ts';
import {makeSlices} from './timeline-slices.ts';
import {isEmpty, nameAt, rowsOf} from './timeline-source.ts';
import type {PlacedTrack, TimelineSource} from './timeline-source.ts';

const kindNames: Readonly<Record<OperationKind, string>> = {
	kernel: 'kernel',
	graph: 'CUDA graph',
	memset: 'Memset',
	'copy host to device': 'Memcpy HtoD',
	'copy device to host': 'Memcpy DtoH',
	'copy device to device': 'Memcpy DtoD',
	'copy peer to peer': 'Memcpy PtoP',
	'copy host to host': 'Memcpy HtoH',
	'copy of unknown direction': 'Memcpy',
};

const movesNothing: ReadonlySet<OperationKind> = new Set(['kernel', 'graph']);

const listStream = ({read, columns, window, flows, operations}: TimelineSource, stream: number) => {
	const {startNs, endNs, kind, bytes} = read.operations;
	const {names, name} = columns.kernels;
	return makeSlices(window, {startNs, endNs, rows: rowsOf(operations, stream)}, (row) => {
		const known = operationKinds[Number(kind[row])] ?? 'kernel';
		const flow = flows.ofOperation(row);
		const text = {
			name: known === 'kernel' ? nameAt(names, name[row], kindNames.kernel) : kindNames[known],
			details: movesNothing.has(known) ? {} : {bytes: Number(bytes[row])},
		};
		return flow === undefined ? text : {...text, flow};
	});
};

const compareStreams = (a: Stream, b: Stream): number =>
	(a.device ?? -1) - (b.device ?? -1) || (a.stream ?? -1) - (b.stream ?? -1);

export const listStreams = (source: TimelineSource): readonly PlacedTrack[] =>
	[...source.columns.streams.entries()]
		.filter(([number]) => !isEmpty(source.operations, number))
		.toSorted(([, a], [, b]) => compareStreams(a, b))
		.map(([number, {process, device, stream}]) => {
			const pid = process === null ? null : pidOf(process);
			return {
				pid: pid ?? Number.MAX_SAFE_INTEGER,
				group: `${pid === null ? 'unknown process' : `process ${pid}`}, GPU ${device ?? '?'}`,
				name: `stream ${stream ?? '?'}`,
				listSlices: () => listStream(source, number),
			};
		});
