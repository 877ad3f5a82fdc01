import {workerEnvironment} from '../../base/annotation-protocol.ts';
import {AnnotationError} from './annotation-error.ts';
import {readDeviceName} from './device-name.ts';
import {workerFolder} from './listeners.ts';
import {packageVersion} from './package-version.ts';

export interface PerfDefaults {
	/** Where finalize() writes. Default: the folder that the launcher names. */
	readonly outputDir?: string | undefined;
	/** CUDA device index, as the program sees it. */
	readonly deviceId: number;
	/** What `meta.args` should hold. Default: all that was given here. */
	readonly args?: Readonly<Record<string, unknown>> | undefined;
	readonly [other: string]: unknown;
}

/** What JSON has no form for is told as text. */
const toJsonValue = (_key: string, value: unknown): unknown =>
	typeof value === 'bigint' ||
	typeof value === 'function' ||
	typeof value === 'symbol' ||
	(typeof value === 'number' && !Number.isFinite(value))
		? String(value)
		: value;

/** What `meta` of benchmark.json holds about the object. @throws TypeError when the arguments contain themselves */
export const describeObject = (
	objName: string,
	defaults: PerfDefaults,
): Readonly<Record<string, unknown>> => {
	const meta = {
		obj_name: objName,
		measurement_unit: 'milliseconds',
		node_version: process.versions.node,
		nsys_benchmark_version: packageVersion(),
		device: {id: defaults.deviceId, name: readDeviceName()},
		args: defaults.args ?? defaults,
	};
	return JSON.parse(JSON.stringify(meta, toJsonValue)) as Record<string, unknown>;
};

/** Where finalize() writes; undefined where neither the program nor the launcher says. */
export const outputFolder = (defaults: PerfDefaults): string | undefined =>
	defaults.outputDir ?? workerFolder();

/** @throws AnnotationError "bad-argument" */
export const requireDefaults = (defaults: PerfDefaults | undefined): void => {
	const {deviceId} = defaults ?? {};
	if (defaults === undefined || !Number.isSafeInteger(deviceId) || Number(deviceId) < 0) {
		throw new AnnotationError(
			'bad-argument',
			`the second argument needs deviceId, a whole number from 0, not ${JSON.stringify(deviceId)}`,
		);
	}

	const folder = outputFolder(defaults);
	if (typeof folder !== 'string' || folder === '') {
		throw new AnnotationError(
			'bad-argument',
			`the second argument needs outputDir, a folder to write to, since ${workerEnvironment.outputFolder} is not set`,
		);
	}
};
