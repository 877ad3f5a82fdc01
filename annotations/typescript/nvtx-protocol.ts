/**
 * Facts of NVTX version 3, from its public headers.
 *
 * NVTX needs no library. A tool names its injection library in the environment; the program loads that library and
 * calls its entry point with a function of its own, which hands out two export tables:
 *
 *     entry(getTable)                       the tool calls back, all on the same thread, before it returns
 *       getTable(3) -> version table        {size u64, version u32, reserved u32, setVersion(u32) *}
 *       getTable(1) -> callback table       {size u64, getModule(module u32, table **, count u32 *) *}
 *         getModule(module)                 table[i] points at the slot of function i; the tool writes its function there
 *
 * A slot that is still empty afterwards is a function that the tool does not want to hear of.
 */
export const injectionVariable = 'NVTX_INJECTION64_PATH';
export const entryPoint = 'InitializeInjectionNvtx2';
export const nvtxVersion = 3;

export const exportTable = {callbacks: 1, versionInfo: 3} as const;

/** Slots of each module, the empty slot 0 included: the index by which the tool fills them never reaches the count. */
export const moduleSlots: ReadonlyMap<number, number> = new Map([
	[1, 16], // core, without domains
	[2, 9], // names of CUDA driver objects
	[3, 15], // names of OpenCL objects
	[4, 7], // names of CUDA runtime objects
	[5, 16], // core, with domains
	[6, 7], // synchronization
]);

/** The module whose functions take a domain; the null domain is the default one, so no other module is called. */
export const domainModule = 5;

/** Index of each function in that module. */
export const domainFunction = {
	mark: 1,
	rangeStart: 2,
	rangeEnd: 3,
	rangePush: 4,
	rangePop: 5,
	nameCategory: 8,
	registerString: 10,
	createDomain: 12,
} as const;

/** The event attributes structure, version 3: 48 bytes, little-endian. */
export const eventLayout = {
	bytes: 48,
	version: 0, // u16
	size: 2, // u16
	category: 4, // u32
	colorType: 8, // i32
	color: 12, // u32
	payloadType: 16, // i32
	payload: 24, // 8 bytes
	messageType: 32, // i32
	message: 40, // pointer or handle
} as const;

export const colorType = {argb: 1} as const;
export const payloadType = {none: 0, int64: 2, double: 3} as const;
export const messageType = {text: 1, registered: 3} as const;
