/** Ranges of a generated program: those that nest on a thread's stack, and those that end in their own time. */

import {nestedDomains, overlappingDomain, rootName} from './generated-names.ts';
import {takeRows} from './generated-state.ts';
import type {OpenRange, Program, Thread} from './generated-state.ts';

/** Ticks of an outermost range, about. */
const ticksPerStep = 400;
const ticksOfLooseRange = 12;

/** Domain 0 has no row; the overlapping domain comes after the others. */
const overlappingDomainId = nestedDomains.length + 1;

/** Once for each process: NVIDIA's reports fail where two threads create one domain. */
export const createDomains = (program: Program): void => {
	const {inDomains, overlaps} = program.options;
	const used = [
		...(inDomains > 0 ? nestedDomains.map((text, at) => ({text, id: at + 1})) : []),
		...(overlaps > 0 ? [{text: overlappingDomain, id: overlappingDomainId}] : []),
	];
	for (const [at, {globalPid, pid}] of program.processes.entries()) {
		for (const {text, id} of used) {
			if (takeRows(program, 1)) {
				const thread = globalPid + BigInt(pid);
				program.rows.add('NVTX_EVENTS', [at, null, 75, null, text, thread, null, null, id]);
			}
		}
	}
};

/** What a place in a program's code calls. */
const branches = 3;

/** A program goes through the same places again and again: its paths are far fewer than its ranges. */
const drawSite = ({random}: Program, {stack}: Thread): number =>
	(stack.at(-1)?.site ?? 0) * branches + 1 + random.below(branches);

const drawName = (
	{options, random, names}: Program,
	site: number,
): Pick<OpenRange, 'text' | 'textId'> => {
	if (random.chance(options.unnamed)) {
		return {text: null, textId: null};
	}

	const name = names.ranges[(site * 31) % names.ranges.length] ?? rootName;
	if (random.chance(options.numberedNames)) {
		return {text: `${name}, op_id = ${random.below(1e9)}`, textId: null};
	}

	return random.chance(options.registered)
		? {text: null, textId: names.idOf(name)}
		: {text: name, textId: null};
};

const openRange = (program: Program, thread: Thread): OpenRange => {
	const {options, random} = program;
	const twin = random.chance(options.identical) && takeRows(program, 1);
	if (!random.chance(options.ties)) {
		thread.clock += 100 + random.around(700);
	}

	thread.atEndOfCall = false;
	const site = drawSite(program, thread);
	return {
		site,
		start: thread.clock,
		eventType: 59,
		rangeId: null,
		...drawName(program, site),
		domainId: random.chance(options.inDomains) ? 1 + random.below(nestedDomains.length) : 0,
		twin,
		endGlobalTid: null,
		lastTick: Infinity,
	};
};

/** No two ranges end together: where they started together too, NVIDIA's reports would lose them. */
const moveToEnd = ({random, options}: Program, thread: Thread): void => {
	if (!(thread.atEndOfCall && random.chance(options.ties))) {
		thread.clock += 50 + random.around(400);
	}

	thread.atEndOfCall = false;
};

/** @param end null: its thread's clock, which moves on */
const writeRange = (
	program: Program,
	thread: Thread,
	range: OpenRange,
	end: number | null,
): void => {
	if (end === null) {
		moveToEnd(program, thread);
	}

	const {start, eventType, rangeId, text, textId, domainId, endGlobalTid, twin} = range;
	const {globalTid} = thread;
	const row = [
		start,
		end ?? thread.clock,
		eventType,
		rangeId,
		text,
		globalTid,
		endGlobalTid,
		textId,
		domainId,
	];
	program.rows.add('NVTX_EVENTS', row);
	if (twin) {
		program.rows.add('NVTX_EVENTS', row);
	}
};

const pop = (program: Program, thread: Thread): void => {
	const range = thread.stack.pop();
	if (range !== undefined) {
		writeRange(program, thread, range, null);
	}
};

const startLoose = (program: Program, thread: Thread, what: 'overlap' | 'start-end'): void => {
	const {random} = program;
	const range = openRange(program, thread);
	const lastTick = thread.tick + 1 + random.around(ticksOfLooseRange);
	if (what === 'overlap') {
		thread.loose.push({...range, lastTick, domainId: overlappingDomainId});
		return;
	}

	const endGlobalTid = random.chance(0.2) ? thread.otherGlobalTid : null;
	const rangeId = ++program.startEndRanges;
	thread.loose.push({...range, lastTick, eventType: 60, rangeId, endGlobalTid});
};

/** Random walk between the outermost range and the greatest depth: every depth is as likely. */
const pushNested = (program: Program, thread: Thread): void => {
	const {options, random} = program;
	const {stack} = thread;
	while (stack.length >= options.depth || (stack.length > 1 && random.chance(0.5))) {
		pop(program, thread);
	}

	const range = openRange(program, thread);
	if (stack.length === 0) {
		thread.stepEnd = thread.tick + 1 + random.around(ticksPerStep);
		stack.push({...range, site: 0, text: rootName, textId: null, domainId: 0});
	} else {
		stack.push(range);
	}
};

/** Starts a range of one kind or another. */
export const startRange = (program: Program, thread: Thread): void => {
	const {options, random} = program;
	if (!takeRows(program, 1)) {
		return;
	}

	if (random.chance(options.startEnd)) {
		startLoose(program, thread, 'start-end');
	} else if (
		random.chance(options.overlaps) &&
		!thread.loose.some(({eventType}) => eventType === 59)
	) {
		startLoose(program, thread, 'overlap');
	} else {
		pushNested(program, thread);
	}
};

/** Ends what has reached its last tick, or the whole step. */
export const endRanges = (program: Program, thread: Thread): void => {
	const due = thread.loose.filter(({lastTick}) => lastTick <= thread.tick);
	for (const range of due) {
		thread.loose.splice(thread.loose.indexOf(range), 1);
		writeRange(program, thread, range, null);
	}

	if (thread.tick >= thread.stepEnd) {
		while (thread.stack.length > 0) {
			pop(program, thread);
		}
	}
};

/**
 * @param end of the trace, for ranges that were never ended; null: they end one after another. Of those that started
 * together only the outermost stays open, or they would be identical.
 */
export const endAllRanges = (program: Program, thread: Thread, end: number | null): void => {
	const open = [...thread.loose.splice(0), ...thread.stack.splice(0).reverse()];
	for (const [at, range] of open.entries()) {
		const outer = open.slice(at + 1).filter(({start}) => start === range.start).length;
		writeRange(program, thread, range, end === null ? null : end - outer);
	}
};
