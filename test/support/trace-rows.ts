/** The rows of a built trace, table by table. */

import {annotationDomain} from '../../base/annotation-protocol.ts';
import type {OperationSpec, TraceSpec} from './trace-spec.ts';
import type {TraceTable} from './trace-tables.ts';

export type Cell = string | number | bigint | null;
export type Row = Readonly<Record<string, Cell>>;

const defaultPid = 1000;

/** The packed id of a thread, or of a process where `tid` is 0. */
const globalIdIn =
	(spec: TraceSpec) =>
	(pid: number, tid: number): bigint =>
		BigInt.asIntN(
			64,
			(BigInt(spec.hardware ?? 0) << 56n) |
				(BigInt(spec.vm ?? 1) << 48n) |
				(BigInt(pid) << 24n) |
				BigInt(tid),
		);

const nvtxRows = (spec: TraceSpec, stringId: (text: string) => number): Row[] => {
	const globalId = globalIdIn(spec);
	const domains = new Map<string, {id: number; row: Row}>();
	const domainId = (name: string | null | undefined, pid: number): number => {
		if (name === null || name === undefined) {
			return 0;
		}

		const key = `${pid}:${name}`;
		const id = domains.get(key)?.id ?? domains.size + 1;
		const row = {start: -1, eventType: 75, text: name, globalTid: globalId(pid, pid), domainId: id};
		domains.set(key, {id, row});
		return id;
	};

	const ranges = (spec.ranges ?? []).map((range): Row => {
		const {pid = defaultPid, tid = pid, registered = false} = range;
		return {
			start: range.start,
			end: range.end,
			eventType: range.eventType ?? 59,
			text: registered ? (range.text ?? null) : range.name,
			textId: registered && range.name !== null ? stringId(range.name) : null,
			globalTid: globalId(pid, tid),
			endGlobalTid: range.endTid === undefined ? null : globalId(pid, range.endTid),
			domainId: domainId(range.domain, pid),
		};
	});
	const marks = (spec.marks ?? []).map((mark): Row => {
		const {pid = defaultPid, tid = pid, registered = false} = mark;
		return {
			start: mark.start,
			eventType: 34,
			text: registered ? null : mark.text,
			textId: registered ? stringId(mark.text) : null,
			globalTid: globalId(pid, tid),
			domainId: domainId(mark.domain === undefined ? annotationDomain : mark.domain, pid),
		};
	});
	return [...ranges, ...marks, ...[...domains.values()].map(({row}) => row)];
};

const callRows = (spec: TraceSpec, stringId: (text: string) => number): Row[] =>
	(spec.calls ?? []).map(({pid = defaultPid, tid = pid, ...call}) => ({
		start: call.start,
		end: call.end,
		eventClass: 0,
		globalTid: globalIdIn(spec)(pid, tid),
		correlationId: call.correlation,
		nameId: stringId('cudaLaunchKernel_v7000'),
		returnValue: 0,
	}));

const operationRows = (spec: TraceSpec, operations: readonly OperationSpec[] = []): Row[] =>
	operations.map(({pid = defaultPid, ...operation}) => ({
		start: operation.start,
		end: operation.end,
		deviceId: operation.device ?? 0,
		streamId: operation.stream ?? 7,
		correlationId: operation.correlation,
		globalPid: globalIdIn(spec)(pid, 0),
	}));

const metadataRows = (schemaVersion: string, timeShiftNs: bigint): Row[] => [
	{name: 'EXPORT_PRODUCT_NAME', value: 'NVIDIA Nsight Systems'},
	{name: 'EXPORT_SCHEMA_VERSION', value: schemaVersion},
	{name: 'EXPORT_CONFIG_TIME_SHIFT', value: String(timeShiftNs)},
];

/** Up to 3.1.7 the metadata table had another name. */
const metadataTable = (schemaVersion: string): TraceTable =>
	/^(2\.|3\.[0-3]\.)/.test(schemaVersion) ? 'EXPORT_META_DATA' : 'META_DATA_EXPORT';

export const tablesOf = (spec: TraceSpec): Map<TraceTable, readonly Row[]> => {
	const strings = new Map<string, number>();
	const stringId = (text: string): number => {
		strings.set(text, strings.get(text) ?? strings.size + 1);
		return strings.get(text) ?? 0;
	};

	const version = spec.schemaVersion === undefined ? '3.7.2' : spec.schemaVersion;
	const tables = new Map<TraceTable, readonly Row[]>([
		['NVTX_EVENTS', nvtxRows(spec, stringId)],
		['CUPTI_ACTIVITY_KIND_RUNTIME', callRows(spec, stringId)],
		['CUPTI_ACTIVITY_KIND_KERNEL', operationRows(spec, spec.kernels)],
		['CUPTI_ACTIVITY_KIND_MEMCPY', operationRows(spec, spec.memcpys)],
		['CUPTI_ACTIVITY_KIND_MEMSET', operationRows(spec, spec.memsets)],
		['CUPTI_ACTIVITY_KIND_GRAPH_TRACE', operationRows(spec, spec.graphs)],
	]);
	tables.set(
		'StringIds',
		[...strings].map(([value, id]) => ({id, value})),
	);
	if (version !== null) {
		tables.set(metadataTable(version), metadataRows(version, spec.timeShiftNs ?? 0n));
	}

	if (spec.durationNs !== undefined) {
		tables.set('ANALYSIS_DETAILS', [
			{duration: spec.durationNs, startTime: 0, stopTime: spec.durationNs},
		]);
	}

	if (spec.sessionStartUnixNs !== undefined) {
		tables.set('TARGET_INFO_SESSION_START_TIME', [{utcEpochNs: spec.sessionStartUnixNs}]);
	}

	tables.set(
		'DIAGNOSTIC_EVENT',
		(spec.diagnostics ?? []).map(({text, severity = 2, time = 0}) => ({
			timestamp: time,
			severity,
			text,
		})),
	);
	return tables;
};
