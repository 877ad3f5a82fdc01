/**
 * NVTX for Node: ranges and marks in whatever tool has attached itself to the process (Nsight Systems names its library
 * in the environment), or in the built-in profiler's recording. With neither, every function returns at once and
 * nothing native is loaded.
 *
 * Push and pop nest per thread and per domain. Start and end may overlap and may cross an `await`.
 */

import {isMainThread} from 'node:worker_threads';
import {annotationDomain} from '../../base/annotation-protocol.ts';
import {messageOf} from '../../base/errors.ts';
import {argbOf, type Color} from './color.ts';
import {DomainEvents, type EventStyle, plainStyle} from './event-attributes.ts';
import {isListenedTo, recordingFolder} from './listeners.ts';
import {connectTool, type NvtxTool} from './nvtx-tool.ts';
import {Recorder} from './recorder.ts';

export interface EventOptions {
	/** Default: blue. */
	readonly color?: Color | undefined;
	/** A name of its own per domain, or a number that the program gives a meaning. Default: none. */
	readonly category?: string | number | undefined;
	/** Default: the default domain. */
	readonly domain?: string | undefined;
	/** A number shown with the event. */
	readonly payload?: number | bigint | undefined;
	/** The text will not come again ("frame 17"): don't keep it. */
	readonly once?: boolean | undefined;
}

/** A range that is open: what rangeEnd() wants back. */
export interface StartedRange {
	readonly domain: number;
	readonly id: number | bigint;
}

interface Attached {
	readonly tool: NvtxTool | undefined;
	readonly recorder: Recorder | undefined;
	/** By name; undefined is the default domain. */
	readonly domains: Map<string | undefined, DomainEvents>;
}

const noOptions: EventOptions = {};
const noNotes: readonly string[] = [];
const noteOptions: EventOptions = {domain: annotationDomain, color: 'gray', once: true};
/** As in C: the id 0 is no range. */
const notStarted: StartedRange = {domain: 0, id: 0};

/** undefined: not looked yet. null: nothing listens. */
let attached: Attached | null | undefined;

const openRecorder = (): Recorder | undefined => {
	const folder = recordingFolder();
	try {
		return folder === undefined ? undefined : new Recorder(folder);
	} catch (error) {
		process.emitWarning(`no range will be recorded: ${messageOf(error)}`, {
			code: 'NSYS_BENCHMARK_RECORDING',
		});
		return undefined;
	}
};

const attach = (): Attached | null => {
	const tool = connectTool();
	const recorder = openRecorder();
	attached =
		tool === undefined && recorder === undefined ? null : {tool, recorder, domains: new Map()};
	return attached;
};

const eventsOf = (to: Attached, tool: NvtxTool, domain: string | undefined): DomainEvents => {
	let events = to.domains.get(domain);
	if (events === undefined) {
		events = new DomainEvents(tool, domain);
		to.domains.set(domain, events);
	}

	return events;
};

const styleOf = (events: DomainEvents, {color, category = 0}: EventOptions): EventStyle => ({
	argb: color === undefined ? plainStyle.argb : argbOf(color),
	category: typeof category === 'number' ? category >>> 0 : events.categoryOf(category),
});

const eventOf = (events: DomainEvents, message: string, options: EventOptions): number => {
	const {color, category, payload, once} = options;
	if (payload !== undefined || once === true) {
		return events.pass(message, styleOf(events, options), payload);
	}

	return color === undefined && category === undefined
		? events.keepPlain(message)
		: events.keep(message, styleOf(events, options));
};

/** Whether anything listens: what would be costly to prepare can be left out otherwise. */
export const isTracing = (): boolean => (attached === undefined ? attach() : attached) !== null;

const markNotes = (notes: readonly string[]): void => {
	for (const note of notes) {
		markTool(note, noteOptions);
	}
};

const markTool = (message: string, options: EventOptions): void => {
	if (attached?.tool !== undefined) {
		const events = eventsOf(attached, attached.tool, options.domain);
		attached.tool.mark(events.handle, eventOf(events, message, options));
	}
};

/** Opens a range on this thread, and writes notes for the launcher (base/annotation-protocol.ts) just inside it. */
export const openRange = (
	message: string,
	options: EventOptions,
	notes: readonly string[],
): void => {
	const to = attached === undefined ? attach() : attached;
	if (to === null) {
		return;
	}

	if (to.tool === undefined) {
		to.recorder?.open(message, options.domain, notes);
		return;
	}

	const events = eventsOf(to, to.tool, options.domain);
	const event = eventOf(events, message, options);
	to.recorder?.open(message, options.domain, notes);
	to.tool.rangePush(events.handle, event);
	markNotes(notes);
};

/** Writes notes just inside the innermost range of that domain on this thread, and ends it. */
export const closeRange = (domain: string | undefined, notes: readonly string[]): void => {
	const to = attached === undefined ? attach() : attached;
	if (to === null) {
		return;
	}

	if (to.tool !== undefined) {
		markNotes(notes);
		to.tool.rangePop(eventsOf(to, to.tool, domain).handle);
	}

	to.recorder?.close(notes);
};

/** Opens a range on this thread. */
export const rangePush = (message: string, options: EventOptions = noOptions): void => {
	openRange(message, options, noNotes);
};

/** Ends the innermost range of that domain on this thread. */
export const rangePop = (domain?: string): void => {
	closeRange(domain, noNotes);
};

/** Opens a range of the process: it may overlap others and end on another thread. No profiler's GPU time covers it. */
export const rangeStart = (message: string, options: EventOptions = noOptions): StartedRange => {
	const to = attached === undefined ? attach() : attached;
	if (to?.tool === undefined) {
		return notStarted;
	}

	const events = eventsOf(to, to.tool, options.domain);
	const id = to.tool.rangeStart(events.handle, eventOf(events, message, options));
	return {domain: events.handle, id};
};

export const rangeEnd = (range: StartedRange): void => {
	if (range.id !== notStarted.id) {
		attached?.tool?.rangeEnd(range.domain, range.id);
	}
};

/** An instant. */
export const mark = (message: string, options: EventOptions = noOptions): void => {
	if (isTracing()) {
		markTool(message, options);
	}
};

/** A note about the process. */
export const writeNote = (note: string): void => {
	if (isTracing()) {
		attached?.recorder?.mark(note);
		markTool(note, noteOptions);
	}
};

// The main thread attaches for all: a domain must be made, and a recording begun, once per process. It has to do so
// before worker threads start, whether or not it has ranges of its own.
if (isMainThread && isListenedTo()) {
	attach();
}
