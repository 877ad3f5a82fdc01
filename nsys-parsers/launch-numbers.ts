/**
 * Numbers the launches that GPU operations refer to: 0, 1, 2 and so on, by process and correlation id. An id is unique in
 * its process only, and several operations can share one: a graph's kernels, for instance.
 *
 *     id      >  slot     a place of its own, with gaps: the first slot of its stretch of ids, and its place in there
 *     slot    >  number   how many slots before it are taken: counted once all operations are known
 *
 * So the ids of a million launches take a bit each, and nothing is looked up in memory that caches do not hold.
 */

const absent = -1;

/** Ids of one stretch have slots one after the other. */
const stretchBits = 12;
const stretchSize = 1 << stretchBits;

/** Above, and for fractions that stand for ids past 2^53, ids have a slot each by a Map. */
const mostStretches = 1 << 18;

/** Stretches that are hardly used may be so many, and one for so many operations. */
const [freeStretches, operationsPerStretch] = [64, 256];

/** The slots of one process's ids. */
class ProcessSlots {
	/** By the upper bits of an id: its stretch's first slot; -1 where there is none. */
	private firsts = new Int32Array(16).fill(absent);
	private readonly others = new Map<number, number>();
	private otherCount = 0;

	/** -1 where there is none. */
	find(id: number): number {
		if (this.otherCount > 0) {
			const other = this.others.get(id);
			if (other !== undefined) {
				return other;
			}
		}

		const small = id | 0;
		const stretch = small >>> stretchBits;
		if (small !== id || small < 0 || stretch >= this.firsts.length) {
			return absent;
		}

		const first = Number(this.firsts[stretch]);
		return first < 0 ? absent : first + (small & (stretchSize - 1));
	}

	/** @param first a stretch's first slot. @returns whether the id is one of a stretch */
	addStretch(id: number, first: number): boolean {
		const stretch = id >= 0 && Number.isInteger(id) ? Math.floor(id / stretchSize) : mostStretches;
		if (stretch >= mostStretches) {
			return false;
		}

		if (stretch >= this.firsts.length) {
			const larger = new Int32Array(2 * stretch).fill(absent);
			larger.set(this.firsts);
			this.firsts = larger;
		}

		this.firsts[stretch] = first;
		return true;
	}

	addOther(id: number, slot: number): void {
		this.others.set(id, slot);
		this.otherCount++;
	}
}

/** The processes asked for last, of which rows are in turn. */
const cachedProcesses = 64;

class SlotsByProcess {
	private readonly all = new Map<number, ProcessSlots>();
	/** By the low bits of a process. */
	private readonly cachedProcess = new Float64Array(cachedProcesses).fill(NaN);
	private readonly cached: (ProcessSlots | undefined)[] = Array.from({length: cachedProcesses});

	/** Undefined where the process has none; never for NULL (NaN). */
	find(process: number): ProcessSlots | undefined {
		const place = process & (cachedProcesses - 1);
		if (this.cachedProcess[place] === process) {
			return this.cached[place];
		}

		const found = this.all.get(process);
		if (found !== undefined) {
			this.cachedProcess[place] = process;
			this.cached[place] = found;
		}

		return found;
	}

	add(process: number): ProcessSlots {
		const slots = new ProcessSlots();
		this.all.set(process, slots);
		return slots;
	}
}

/** Bits that are set in a number of 32. */
const countBits = (bits: number): number => {
	const pairs = bits - ((bits >>> 1) & 0x5555_5555);
	const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
	return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
};

/** Which slots are taken, 32 to a word. */
class TakenSlots {
	private words = new Int32Array(1024);

	take(slot: number): void {
		const word = slot >>> 5;
		if (word >= this.words.length) {
			const larger = new Int32Array(2 * word);
			larger.set(this.words);
			this.words = larger;
		}

		this.words[word] = Number(this.words[word]) | (1 << (slot & 31));
	}

	list(): Int32Array {
		return this.words;
	}
}

/** The launches of all operations, which are known by now. */
export class LaunchNumbers {
	/** How many there are. */
	readonly count: number;
	private readonly slots: SlotsByProcess;
	private readonly taken: Int32Array;
	/** By word of `taken`: how many slots before it are. */
	private readonly before: Int32Array;

	constructor(slots: SlotsByProcess, taken: Int32Array) {
		this.slots = slots;
		this.taken = taken;
		this.before = new Int32Array(taken.length);
		let count = 0;
		for (let word = 0; word < taken.length; word++) {
			this.before[word] = count;
			count += countBits(Number(taken[word]));
		}

		this.count = count;
	}

	/** The launch of a process's id, -1 where there is none. */
	find(process: number, correlation: number): number {
		const slot = this.slots.find(process)?.find(correlation) ?? absent;
		const word = slot >>> 5;
		return slot >= 0 &&
			word < this.taken.length &&
			(Number(this.taken[word]) & (1 << (slot & 31))) !== 0
			? this.numberOf(slot)
			: absent;
	}

	/** Puts the launches in place of operations' slots. */
	numberAll(slots: Int32Array): void {
		for (let row = 0; row < slots.length; row++) {
			const slot = Number(slots[row]);
			slots[row] = slot < 0 ? absent : this.numberOf(slot);
		}
	}

	private numberOf(slot: number): number {
		const word = slot >>> 5;
		const lower = Number(this.taken[word]) & ((1 << (slot & 31)) - 1);
		return Number(this.before[word]) + countBits(lower);
	}
}

/** Collects the launches of operations. */
export class LaunchSlots {
	private readonly slots = new SlotsByProcess();
	private readonly taken = new TakenSlots();
	private operations = 0;
	private stretches = 0;
	/** Slots given out. */
	private size = 0;
	/** The next slot for an id outside of stretches, and how many are left there. */
	private nextOther = 0;
	private othersLeft = 0;

	/**
	 * @param process NULL (NaN) has no launch, and neither has a correlation id that is
	 * @param slot is filled, one for each; -1 where there is no launch
	 */
	collect(process: Float64Array, correlation: Float64Array, slot: Int32Array): void {
		let last = NaN;
		let own: ProcessSlots | undefined;
		this.operations += slot.length;
		for (let row = 0; row < slot.length; row++) {
			const id = Number(correlation[row]);
			if (process[row] !== last) {
				last = Number(process[row]);
				own = Number.isNaN(last) ? undefined : (this.slots.find(last) ?? this.slots.add(last));
			}

			if (own === undefined || Number.isNaN(id)) {
				slot[row] = absent;
				continue;
			}

			const known = own.find(id);
			const found = known < 0 ? this.addSlot(own, id) : known;
			slot[row] = found;
			this.taken.take(found);
		}
	}

	/** Once, when all are collected. */
	finish(): LaunchNumbers {
		return new LaunchNumbers(this.slots, this.taken.list());
	}

	private addSlot(own: ProcessSlots, id: number): number {
		const mayAdd = this.stretches <= freeStretches + this.operations / operationsPerStretch;
		if (mayAdd && own.addStretch(id, this.size)) {
			this.stretches++;
			this.size += stretchSize;
			return own.find(id);
		}

		if (this.othersLeft === 0) {
			this.nextOther = this.size;
			this.othersLeft = stretchSize;
			this.size += stretchSize;
		}

		this.othersLeft--;
		own.addOther(id, this.nextOther);
		return this.nextOther++;
	}
}
