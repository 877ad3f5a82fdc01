/** Calls of a generated program and the GPU work that they start. Work on a stream is queued: it never starts before its call. */

import {calls} from './generated-names.ts';
import {mix} from './generated-options.ts';
import {takeRows} from './generated-state.ts';
import type {Program, Thread} from './generated-state.ts';

/** A stream may lag so far behind before a launch waits for it, as a full queue makes it, ns. */
const longestQueueNs = 3_000_000;
/** NVIDIA's numbers: runtime API, driver API. */
const eventClass = {runtime: 0, driver: 1} as const;
/** Of the numbers that `kind` stands for: host to device, device to host, device to device. */
const copyKinds = [
	{kind: 1, from: 0, to: 2},
	{kind: 2, from: 2, to: 0},
	{kind: 8, from: 2, to: 2},
] as const;

type Kind = 'kernel' | 'copy' | 'set' | 'graph' | 'other';

const callName: Record<Kind, string> = {
	kernel: calls.launch,
	copy: calls.copy,
	set: calls.set,
	graph: calls.graph,
	other: calls.other,
};

const drawKind = ({random, options}: Program): Kind => {
	const {kernels, copies, sets, otherCalls} = mix;
	const draw = random.next() * (kernels + copies + sets + otherCalls);
	if (draw < kernels) {
		return random.chance(options.graphs) ? 'graph' : 'kernel';
	}

	return draw < kernels + copies ? 'copy' : draw < kernels + copies + sets ? 'set' : 'other';
};

interface Launch {
	readonly thread: Thread;
	readonly stream: number;
	readonly correlationId: number;
	/** When the call starts, ns. */
	readonly start: number;
}

/** Queues work on the launch's stream. @returns the columns that every operation starts with */
const queueWork = (program: Program, launch: Launch, takes: number): (number | bigint)[] => {
	const {thread, stream, correlationId} = launch;
	const {process} = thread;
	const free = process.streamFree[stream] ?? 0;
	const start = Math.max(free + 200, launch.start + 1500 + program.random.around(2500));
	const end = start + takes;
	process.streamFree[stream] = end;
	return [start, end, process.index, 7 + stream * 6, correlationId, process.globalPid];
};

const addKernel = (program: Program, launch: Launch, graphNodeId: number | null): void => {
	const {random, names, rows} = program;
	const at = random.below(names.kernels.length);
	const {demangled, short, mangled} = names.kernels[at] ?? {demangled: 1, short: 1, mangled: 1};
	rows.add('CUPTI_ACTIVITY_KIND_KERNEL', [
		...queueWork(program, launch, 1000 + random.around(5 * (at + 1) ** 2)),
		demangled,
		short,
		mangled,
		1 + random.below(4) * 9000 + at,
		32 << random.below(6),
		random.below(2) * 49152,
		++launch.thread.process.gridId,
		graphNodeId,
	]);
};

const addCopy = (program: Program, launch: Launch): void => {
	const {random, rows} = program;
	const {kind, from, to} = copyKinds[random.below(copyKinds.length)] ?? copyKinds[0];
	const bytes = 4 * (1 + random.around(250_000));
	const work = queueWork(program, launch, 800 + Math.round(bytes / 20));
	rows.add('CUPTI_ACTIVITY_KIND_MEMCPY', [...work, bytes, kind, from, to]);
};

const addSet = (program: Program, launch: Launch): void => {
	const work = queueWork(program, launch, 700 + program.random.around(600));
	program.rows.add('CUPTI_ACTIVITY_KIND_MEMSET', [...work, 4 << program.random.below(16)]);
};

/** @returns rows that count towards the trace's events */
const addGraph = (program: Program, launch: Launch, kernels: number): void => {
	if (program.options.graphLevel === 'graph') {
		const takes = kernels * (5000 + program.random.around(5000));
		program.rows.add('CUPTI_ACTIVITY_KIND_GRAPH_TRACE', queueWork(program, launch, takes));
		return;
	}

	for (let node = 1; node <= kernels; node++) {
		addKernel(program, launch, node);
	}
};

const addWork = (program: Program, launch: Launch, kind: Kind, kernels: number): void => {
	switch (kind) {
		case 'kernel':
			addKernel(program, launch, null);
			break;
		case 'copy':
			addCopy(program, launch);
			break;
		case 'set':
			addSet(program, launch);
			break;
		case 'graph':
			addGraph(program, launch, kernels);
			break;
		case 'other':
	}
};

/** @param rowsOfCall 0: lost, 1, or 2: the runtime's call around the driver's, both with one id */
const addCalls = (program: Program, launch: Launch, kind: Kind, rowsOfCall: number): void => {
	const {names, rows} = program;
	const {thread, start, correlationId} = launch;
	const name = names.idOf(callName[kind]);
	const add = (from: number, to: number, api: number, nameId: number): void => {
		rows.add('CUPTI_ACTIVITY_KIND_RUNTIME', [
			from,
			to,
			api,
			thread.globalTid,
			correlationId,
			nameId,
		]);
	};
	if (rowsOfCall > 0) {
		add(start, thread.clock, eventClass.runtime, name);
	}

	if (rowsOfCall > 1) {
		const driver = names.idOf(calls.driverLaunch);
		add(start + 200, thread.clock - 150, eventClass.driver, driver);
	}
};

interface Plan {
	readonly kind: Kind;
	readonly rowsOfCall: number;
	/** Of a graph. */
	readonly kernels: number;
}

/** A launch that the rows left have room for. */
const planLaunch = (program: Program): Plan | null => {
	const {options, random} = program;
	const kind = drawKind(program);
	const lost = kind !== 'other' && random.chance(options.withoutCall);
	const rowsOfCall = lost ? 0 : kind !== 'other' && random.chance(options.doubledCalls) ? 2 : 1;
	const kernels = kind === 'graph' ? 4 + random.below(40) : 1;
	const whole = kind === 'graph' && options.graphLevel === 'graph';
	const work = kind === 'other' || whole ? 0 : kernels;
	if (takeRows(program, rowsOfCall + work)) {
		return {kind, rowsOfCall, kernels};
	}

	return takeRows(program, 1) ? {kind: 'other', rowsOfCall: 1, kernels: 0} : null;
};

/** Launches something, or calls what launches nothing. */
export const launchWork = (program: Program, thread: Thread): void => {
	const plan = planLaunch(program);
	if (plan === null) {
		return;
	}

	const {random, options} = program;
	const {process} = thread;
	const stream = random.below(process.streamFree.length);
	process.correlationId += 1 + random.below(6);
	if (!random.chance(options.ties)) {
		thread.clock += 200 + random.around(3000);
	}

	const start = thread.clock;
	const launch = {thread, stream, correlationId: process.correlationId, start};
	const queued = (process.streamFree[stream] ?? 0) - longestQueueNs;
	thread.clock = Math.max(start + 1200 + random.around(4000), queued);
	addWork(program, launch, plan.kind, plan.kernels);
	addCalls(program, launch, plan.kind, plan.rowsOfCall);
	thread.atEndOfCall = !random.chance(options.straddling);
	if (!thread.atEndOfCall) {
		thread.clock = Math.floor((start + thread.clock) / 2);
	}
};
