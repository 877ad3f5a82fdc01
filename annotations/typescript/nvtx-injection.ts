/** Attaches the program to the tool that the environment names: nvtx-protocol.ts draws the handshake. */

import type * as Koffi from 'koffi';
import {domainModule, entryPoint, exportTable, moduleSlots, nvtxVersion} from './nvtx-protocol.ts';

type KoffiModule = typeof Koffi;

/** Addresses of the tool's functions, by their index in the module with domains; 0 where the tool gave none. */
export type FunctionAddresses = readonly number[];

/**
 * Native memory that is never given back: the tool keeps pointers into it for as long as the process lives. Addresses
 * are numbers, since user space ends far below 2^53, and koffi passes numbers faster than bigints.
 */
class TableMemory {
	private readonly base: number;
	private readonly words: BigUint64Array;
	private used = 0;

	constructor(koffi: KoffiModule, words: number) {
		const pointer = koffi.alloc('uint64_t', words) as bigint;
		this.base = Number(pointer);
		this.words = new BigUint64Array(koffi.view(pointer, words * 8));
		this.words.fill(0n);
	}

	/** Appends words and returns the address of the first. */
	append(...values: readonly (number | bigint)[]): number {
		const address = this.base + this.used * 8;
		for (const value of values) {
			this.words[this.used++] = BigInt(value);
		}

		return address;
	}

	read(address: number, count: number): number[] {
		const first = (address - this.base) / 8;
		return Array.from(this.words.subarray(first, first + count), Number);
	}
}

interface ModuleTable {
	readonly table: number;
	readonly slots: number;
	readonly count: number;
}

const layOutModules = (memory: TableMemory): Map<number, ModuleTable> => {
	const modules = new Map<number, ModuleTable>();
	for (const [module, count] of moduleSlots) {
		const slots = memory.append(...Array<number>(count).fill(0));
		const pointers = Array.from({length: count}, (_, index) =>
			index === 0 ? 0 : slots + index * 8,
		);
		modules.set(module, {table: memory.append(...pointers, 0), slots, count});
	}

	return modules;
};

const registerGetModule = (koffi: KoffiModule, modules: ReadonlyMap<number, ModuleTable>): bigint =>
	koffi.register(
		(module: number, table: number | bigint, count: number | bigint): number => {
			const found = modules.get(module);
			if (found === undefined) {
				return 0;
			}

			if (Number(table) !== 0) {
				koffi.encode(BigInt(table), 'uint64_t', found.table);
			}

			if (Number(count) !== 0) {
				koffi.encode(BigInt(count), 'uint32_t', found.count);
			}

			return 1;
		},
		koffi.pointer(koffi.proto('int', ['uint32_t', 'uint64_t', 'uint64_t'])),
	);

const registerGetTable = (koffi: KoffiModule, tables: ReadonlyMap<number, number>): bigint =>
	koffi.register(
		(id: number): number => tables.get(id) ?? 0,
		koffi.pointer(koffi.proto('uint64_t', ['uint32_t'])),
	);

/** The tool's version: the protocol wants a place to say it and no use for it. */
const registerSetVersion = (koffi: KoffiModule): bigint =>
	koffi.register(() => undefined, koffi.pointer(koffi.proto('void', ['uint32_t'])));

/**
 * Keeps the library loaded for good: koffi closes what it opened when a worker thread ends, but the tool's own threads
 * still run in it.
 */
const pinLibrary = (koffi: KoffiModule, file: string): void => {
	const lazyAndNeverUnloaded = 0x1 | 0x10_00;
	if (process.platform === 'linux') {
		const open = koffi.load(null).func('dlopen', 'uint64_t', ['str', 'int']);
		open(file, lazyAndNeverUnloaded);
	}
};

/** undefined when the tool declines. @throws Error when its library cannot be loaded */
export const attachTool = (koffi: KoffiModule, file: string): FunctionAddresses | undefined => {
	const library = koffi.load(file, {lazy: true});
	pinLibrary(koffi, file);
	const initialize = library.func(entryPoint, 'int', ['uint64_t']) as (table: bigint) => number;

	const memory = new TableMemory(koffi, 256);
	const modules = layOutModules(memory);
	const callbacks = memory.append(16, registerGetModule(koffi, modules));
	const version = memory.append(24, nvtxVersion, registerSetVersion(koffi));
	const tables = new Map<number, number>([
		[exportTable.callbacks, callbacks],
		[exportTable.versionInfo, version],
	]);

	if (initialize(registerGetTable(koffi, tables)) === 0) {
		return undefined;
	}

	const withDomains = modules.get(domainModule);
	return withDomains && memory.read(withDomains.slots, withDomains.count);
};
