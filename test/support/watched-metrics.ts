/** The gpu_metrics of a process whose GPU was watched, and quiet. */

import type {ProcessGpuMetrics} from '../../schemas/gpu-metrics.ts';

export const watchedMetrics = (more: Partial<ProcessGpuMetrics> = {}): ProcessGpuMetrics => ({
	gpu: 'GPU-a',
	sm_clock_mhz: 1410,
	sm_clock_range_mhz: [1410, 1410],
	throttled_share: 0,
	throttled_batches: 0,
	temperature_rise_celsius: 0,
	uncorrected_ecc_errors: 0,
	interval_ms: 100,
	processes: 1,
	mig: false,
	drop_throttled: false,
	power_source: null,
	window: null,
	window_ms: 1000,
	holders: {},
	...more,
});
