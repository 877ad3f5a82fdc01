/** The attached tool as functions, and native memory for what is handed to it. */

import {createRequire} from 'node:module';
import {getEnvironmentData, isMainThread, setEnvironmentData} from 'node:worker_threads';
import type * as Koffi from 'koffi';
import {messageOf} from '../../base/errors.ts';
import {attachTool, type FunctionAddresses} from './nvtx-injection.ts';
import {namedTool} from './listeners.ts';
import {domainFunction} from './nvtx-protocol.ts';
import {createNameTable, SharedNames} from './shared-names.ts';

type KoffiModule = typeof Koffi;

/** Native memory and its address. It is never given back. */
export interface NativeBlock {
	readonly address: number;
	readonly bytes: Buffer;
}

/** Domains, events and strings are native addresses or the tool's handles; 0 is the default domain. */
export interface NvtxTool {
	readonly mark: (domain: number, event: number) => void;
	/** The range's id: koffi gives a bigint where it passes 2^53. */
	readonly rangeStart: (domain: number, event: number) => number | bigint;
	readonly rangeEnd: (domain: number, range: number | bigint) => void;
	readonly rangePush: (domain: number, event: number) => void;
	readonly rangePop: (domain: number) => void;
	/** The id of a category's name in a domain. */
	readonly findCategory: (domain: number, name: string) => number;
	/** 0 where the tool does not keep strings. */
	readonly registerString: (domain: number, text: string) => number;
	readonly findDomain: (name: string) => number;
	readonly allocate: (bytes: number) => NativeBlock;
}

/** What worker threads need of it: addresses hold for the whole process. */
interface Attachment {
	readonly addresses: FunctionAddresses;
	/** Of shared-names.ts. */
	readonly table: SharedArrayBuffer;
}

type Native = (...values: (number | bigint | string)[]) => number | bigint;

/** What a slot that the tool left empty does. */
const ignored: Native = () => 0;

/** For results that are small: handles. */
const withNumber = (native: Native) => native as (...values: (number | string)[]) => number;

const bindTool = (koffi: KoffiModule, {addresses, table}: Attachment): NvtxTool => {
	const names = new SharedNames(table);
	const bind = (index: number, result: string, parameters: string[]): Native => {
		const address = addresses[index] ?? 0;
		return address === 0
			? ignored
			: (koffi.decode(BigInt(address), koffi.proto(result, parameters)) as Native);
	};

	// Pointers are declared as integers: koffi then passes a number through without looking at what it points to.
	const pointer = 'uint64_t';
	const createDomain = withNumber(bind(domainFunction.createDomain, pointer, ['str']));
	const nameCategory = bind(domainFunction.nameCategory, 'void', [pointer, 'uint32_t', 'str']);
	return {
		mark: bind(domainFunction.mark, 'void', [pointer, pointer]),
		rangeStart: bind(domainFunction.rangeStart, pointer, [pointer, pointer]),
		rangeEnd: bind(domainFunction.rangeEnd, 'void', [pointer, pointer]),
		rangePush: bind(domainFunction.rangePush, 'int', [pointer, pointer]),
		rangePop: bind(domainFunction.rangePop, 'int', [pointer]),
		findCategory: (domain, name) =>
			names.find(`category ${domain} ${name}`, (count) => {
				nameCategory(domain, count + 1, name);
				return count + 1;
			}),
		registerString: withNumber(bind(domainFunction.registerString, pointer, [pointer, 'str'])),
		findDomain: (name) => names.find(`domain ${name}`, () => createDomain(name)),
		allocate: (bytes) => {
			const address = koffi.alloc('uint8_t', bytes) as bigint;
			return {address: Number(address), bytes: Buffer.from(koffi.view(address, bytes)).fill(0)};
		},
	};
};

/** Under this name the main thread leaves its attachment for worker threads that start later. */
const sharedAttachment = 'nsys-benchmark: attachment to the NVTX tool';

/**
 * The main thread's, for all; else the thread's own. A tool takes both: every library in C that includes the NVTX
 * headers attaches for itself.
 */
const findAttachment = (koffi: KoffiModule, file: string): Attachment | undefined => {
	const shared = getEnvironmentData(sharedAttachment) as unknown as Attachment | undefined;
	if (shared !== undefined) {
		return shared;
	}

	const addresses = attachTool(koffi, file);
	if (addresses === undefined) {
		return undefined;
	}

	const attachment: Attachment = {addresses, table: createNameTable()};
	if (isMainThread) {
		setEnvironmentData(sharedAttachment, attachment);
	}

	return attachment;
};

const sayUnattached = (reason: string): void => {
	process.emitWarning(`a profiler asks for NVTX, but no range will reach it: ${reason}`, {
		code: 'NSYS_BENCHMARK_NVTX',
	});
};

const bindAttached = (file: string): NvtxTool | undefined => {
	const koffi = createRequire(import.meta.url)('koffi') as KoffiModule;
	// koffi 3.3 sets up a thread's call stack at its first load(), and crashes in a call without one: a worker thread that
	// is given addresses would load nothing.
	koffi.load(null);
	const attachment = findAttachment(koffi, file);
	if (attachment === undefined) {
		sayUnattached(`${file} declined`);
		return undefined;
	}

	return bindTool(koffi, attachment);
};

/** undefined where no tool is attached; koffi is then not even loaded. */
export const connectTool = (): NvtxTool | undefined => {
	const file = namedTool();
	if (file === undefined) {
		return undefined;
	}

	try {
		return bindAttached(file);
	} catch (error) {
		sayUnattached(`${file} cannot be loaded: ${messageOf(error)}`);
		return undefined;
	}
};
