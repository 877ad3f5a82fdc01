/** Makes the package's own name resolve to the package that this module is part of, where nothing else answers to it. */

import {messageOf} from '../../base/errors.ts';

export const packageName = 'nsys-benchmark';

/** The exports of package.json, as this module sees them: beside it, with its own ending (.ts in the sources). */
const ownExports: ReadonlyMap<string, string> = new Map([
	[`${packageName}/annotations`, `./index${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`],
]);

/** The URL of one of the package's own modules; undefined for any other specifier. */
export const findOwnModule = (specifier: string): string | undefined => {
	const own = ownExports.get(specifier);
	return own === undefined ? undefined : new URL(own, import.meta.url).href;
};

const notFoundCodes = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_PACKAGE_PATH_NOT_EXPORTED'];

/** Whether a resolution failed because the package is not there, and not for a reason of its own. */
export const isNotFound = (error: unknown): boolean =>
	error instanceof Error &&
	'code' in error &&
	notFoundCodes.includes(String(error.code)) &&
	messageOf(error).includes(packageName);
