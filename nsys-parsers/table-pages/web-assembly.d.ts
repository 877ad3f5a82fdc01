/** What this project uses of WebAssembly: TypeScript knows it in browsers only. */

declare namespace WebAssembly {
	interface Module {
		readonly [Symbol.toStringTag]: string;
	}

	const Module: new (bytes: Uint8Array) => Module;

	class Memory {
		constructor(units: {readonly initial: number});
		readonly buffer: ArrayBuffer;
	}

	class Instance {
		constructor(
			module: Module,
			imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
		);
		readonly exports: Readonly<Record<string, unknown>>;
	}

	class RuntimeError extends Error {}
}
