import {describe, expect, it} from 'vitest';
import {
	formatChange,
	formatInterval,
	formatLimit,
	formatMetricValue,
	formatP,
	formatSize,
} from '../../../report/comparison-numbers.ts';

describe('numbers of a comparison', () => {
	it.each([
		[0, '0.0%'],
		[-0, '0.0%'],
		[0.00001, '0.0%'],
		[-0.00001, '0.0%'],
		[0.00042, '+0.04%'],
		[-0.0094, '-0.94%'],
		[0.00996, '+1.0%'],
		[0.0812, '+8.1%'],
		[-0.1204, '-12.0%'],
		[0.9996, '+100%'],
		[-1, '-100%'],
		[12.345, '+1,235%'],
	])('a change of %s is %s', (change, text) => expect(formatChange(change)).toBe(text));

	it('have a blank before the sign in sentences only', () => {
		expect(formatSize(0.032)).toBe('3.2%');
		expect(formatSize(0.0004, ' ')).toBe('0.04 %');
		expect(formatLimit(0.05)).toBe('5 %');
		expect(formatLimit(0.0125)).toBe('1.25 %');
		expect(formatLimit(1 - 0.05)).toBe('95 %');
		expect(formatLimit(0.999)).toBe('99.9 %');
	});

	it('have intervals with both signs, and p that is never 0', () => {
		expect(formatInterval({low: -0.004, high: 0.11, level: 0.95})).toBe('-0.40% to +11.0%');
		expect([0, 0.0004, 0.0006, 0.05, 1].map(formatP)).toEqual([
			'<0.001',
			'<0.001',
			'0.001',
			'0.050',
			'1.000',
		]);
	});

	it('are times in ms and rates with four digits', () => {
		expect(formatMetricValue('gpu_time', 12.34567)).toBe('12.346');
		expect(formatMetricValue('throughput', 12.34567)).toBe('12.35');
	});
});
