/** The hooks thread of Node before 22.15: register-resolve.ts starts it. */

import type {ResolveHook} from 'node:module';
import {findOwnModule, isNotFound} from './resolve-own.ts';

export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
	const own = findOwnModule(specifier);
	if (own === undefined) {
		return nextResolve(specifier, context);
	}

	try {
		return await nextResolve(specifier, context);
	} catch (error) {
		if (!isNotFound(error)) {
			throw error;
		}

		return {url: own, format: 'module', shortCircuit: true};
	}
};
