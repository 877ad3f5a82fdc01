import {describe, expect, it} from 'vitest';
import {parseAbRequest} from '../../../cli/ab-options.ts';
import {readMetricsOptions} from '../../../cli/metrics-options.ts';
import {parseRunRequest} from '../../../cli/run-options.ts';

describe('--metrics-interval', () => {
	it.each([
		['50', 50],
		['100ms', 100],
		['0.1s', 100],
		['.25 s', 250],
		['60s', 60_000],
	])('%s is %d ms', (text, ms) => {
		expect(readMetricsOptions({'metrics-interval': text}).metricsIntervalMs).toBe(ms);
	});

	it.each(['', '0', '9ms', '0.1', '61s', '1m', '-100', 'fast', '1e3'])('is not "%s"', (text) => {
		expect(() => readMetricsOptions({'metrics-interval': text})).toThrow(
			`--metrics-interval takes a length of time from 10ms to 60s, not "${text}"`,
		);
	});
});

describe('a run', () => {
	const parse = (...argv: readonly string[]) => parseRunRequest([...argv, 'true'], '/')?.options;

	it('samples ten times a second and keeps all batches, unless told otherwise', () => {
		expect(parse()).toMatchObject({metricsIntervalMs: 100, dropThrottled: false});
		expect(parse('--metrics-interval', '1s', '--drop-throttled')).toMatchObject({
			metricsIntervalMs: 1000,
			dropThrottled: true,
			programArgv: ['true'],
		});
		expect(parse('--no-metrics')).toMatchObject({
			metricsIntervalMs: null,
			dropThrottled: false,
			programArgv: ['true'],
		});
	});

	it('of ab takes the same', () => {
		const request = parseAbRequest(['--no-metrics', '--a', 'true', '--b', 'true'], '/');
		expect(request?.optionsOf(request.sides.a, '/out')).toMatchObject({metricsIntervalMs: null});
	});

	it.each([['--metrics-interval=50'], ['--drop-throttled']])(
		'refuses --no-metrics with %s',
		(flag) => {
			expect(() => parse('--no-metrics', flag)).toThrow(/and --no-metrics takes none/);
		},
	);
});
