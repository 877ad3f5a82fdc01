/**
 * Loaded with `node --import`, before a program that lies outside of any package that has ours installed: its import or
 * require of nsys-benchmark/annotations then finds this package. What the program has installed itself goes first.
 *
 * From Node 22.15 on the hook runs in the program's own thread and costs nothing. Before, Node starts a thread for it,
 * which takes tens of milliseconds: that is done only for programs that mention the package and cannot find it.
 */

import Module, {createRequire, register} from 'node:module';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {mayMention} from './import-scan.ts';
import {isListenedTo} from './listeners.ts';
import {findOwnModule, isNotFound, packageName} from './resolve-own.ts';

const annotations = `${packageName}/annotations`;

type NextResolve = (specifier: string, context?: unknown) => unknown;

/** From Node 22.15 on; the type declarations are those of Node 20. */
interface SynchronousHooks {
	readonly registerHooks?: (hooks: {
		resolve: (specifier: string, context: unknown, nextResolve: NextResolve) => unknown;
	}) => void;
}

/** Internal to Node and the same since its first versions; every tool that redirects require() relies on it. */
interface CommonJsResolver {
	_resolveFilename: (this: unknown, specifier: string, ...rest: unknown[]) => string;
}

const registerHere = (registerHooks: NonNullable<SynchronousHooks['registerHooks']>): void => {
	registerHooks({
		resolve: (specifier, context, nextResolve) => {
			const own = findOwnModule(specifier);
			if (own === undefined) {
				return nextResolve(specifier, context);
			}

			try {
				return nextResolve(specifier, context);
			} catch (error) {
				if (!isNotFound(error)) {
					throw error;
				}

				return {url: own, format: 'module', shortCircuit: true};
			}
		},
	});
};

const patchRequire = (): void => {
	const resolver = Module as unknown as CommonJsResolver;
	const original = resolver._resolveFilename;
	resolver._resolveFilename = function resolveFilename(specifier, ...rest) {
		const own = findOwnModule(specifier);
		if (own === undefined) {
			return original.call(this, specifier, ...rest);
		}

		try {
			return original.call(this, specifier, ...rest);
		} catch (error) {
			if (!isNotFound(error)) {
				throw error;
			}

			return fileURLToPath(own);
		}
	};
};

/** undefined where the program's own resolution finds nothing. */
const resolveFrom = (entry: string): string | undefined => {
	try {
		return createRequire(entry).resolve(annotations);
	} catch {
		return undefined;
	}
};

// Without an entry the program comes from the command line or standard input.
const entry = path.resolve(process.argv[1] ?? '[eval]');
const mentioned = mayMention(entry, packageName);
const resolved = resolveFrom(entry);

const {registerHooks} = Module as unknown as SynchronousHooks;
if (registerHooks !== undefined) {
	registerHere(registerHooks);
} else {
	if (mentioned && resolved === undefined) {
		register(import.meta.url.replace('register-resolve', 'resolve-hooks'));
	}

	patchRequire();
}

/**
 * A main thread that leaves all ranges to its worker threads does not import the annotations, and still has to attach
 * for them. Not for TypeScript: its loader starts a compiler from a thread of its own, and under nsys 2023.4 with
 * --trace-fork-before-exec a process that has attached cannot fork from a thread without ranges (the child crashes).
 */
const attachesEarly = (own: string): boolean =>
	mentioned &&
	isListenedTo() &&
	!/\.[cm]?ts$/.test(entry) &&
	(resolved === undefined || resolved === fileURLToPath(own));

const own = findOwnModule(annotations);
if (own !== undefined && attachesEarly(own)) {
	await import(own.replace(/index(?=\.[jt]s$)/, 'nvtx'));
}
