/**
 * What nvidia-smi of A100, GeForce and a laptop's GPU answers, from public captures and threads; only the fields that we
 * may ask for. Each says where it is from.
 */

import {h200Mig580} from './recorded-hopper-gpus.ts';
import {tableHead, type SmiRecording} from './recorded-smi.ts';

const without = (
	values: SmiRecording['values'],
	refused: readonly string[],
): SmiRecording['values'] =>
	Object.fromEntries(Object.entries(values).filter(([field]) => !refused.includes(field)));

/** The fields that driver 471.11 does not list, in samples/sample-output.csv of that repository. */
const youngerThan470 = [
	'clocks_event_reasons.active',
	'clocks_event_reasons_counters.sw_power_cap',
	'clocks_event_reasons_counters.sw_thermal_slowdown',
	'clocks_event_reasons_counters.hw_thermal_slowdown',
	'clocks_event_reasons_counters.hw_power_brake_slowdown',
	'compute_cap',
	'pcie.link.gen.gpucurrent',
	'power.draw.instant',
	'utilization.encoder',
	'utilization.decoder',
];

/**
 * GeForce RTX 2080 SUPER, 471.11: samples/sample-output.csv of that repository. "[N/A]" in brackets and without.
 */
export const geforce470: SmiRecording = {
	values: without(
		{
			...h200Mig580.values,
			timestamp: ['2021/06/26 16:19:47.995'],
			driver_version: ['471.11'],
			name: ['NVIDIA GeForce RTX 2080 SUPER'],
			uuid: ['GPU-df6e7a7c-7314-46f8-abc4-b88b36dcf3aa'],
			'pci.bus_id': ['00000000:0C:00.0'],
			'pcie.link.gen.current': ['3'],
			'pcie.link.gen.max': ['3'],
			persistence_mode: ['[N/A]'],
			vbios_version: ['90.04.7a.40.73'],
			'memory.total': ['8192'],
			'memory.used': ['876'],
			'utilization.gpu': ['2'],
			'utilization.memory': ['10'],
			'ecc.mode.current': ['[N/A]'],
			'ecc.errors.corrected.volatile.total': ['[N/A]'],
			'ecc.errors.uncorrected.volatile.total': ['[N/A]'],
			'temperature.gpu': ['36'],
			'temperature.memory': ['N/A'],
			'power.draw': ['32.70'],
			'power.limit': ['250.00'],
			'enforced.power.limit': ['250.00'],
			'power.default_limit': ['250.00'],
			'power.min_limit': ['105.00'],
			'power.max_limit': ['350.00'],
			'clocks.current.sm': ['111'],
			'clocks.current.memory': ['267'],
			'clocks.current.video': ['539'],
			'clocks.applications.graphics': ['[N/A]'],
			'clocks.applications.memory': ['[N/A]'],
			'clocks.default_applications.graphics': ['[N/A]'],
			'clocks.default_applications.memory': ['[N/A]'],
			'clocks.max.sm': ['2280'],
			'clocks.max.memory': ['7751'],
			'mig.mode.current': ['[N/A]'],
		},
		youngerThan470,
	),
	list: 'GPU 0: NVIDIA GeForce RTX 2080 SUPER (UUID: GPU-df6e7a7c-7314-46f8-abc4-b88b36dcf3aa)\n',
	table: tableHead('471.11', '11.4'),
	topology: '',
};

/**
 * A100-SXM4: limits and clocks of github.com/NVIDIA/nvidia-docker/issues/1648 (`nvidia-smi -q`), asked as a driver 470
 * can be; four GPUs' topology as in github.com/kubernetes/kubernetes/issues/53497, from before NUMA columns.
 */
export const a100Of470: SmiRecording = {
	...geforce470,
	values: {
		...geforce470.values,
		driver_version: ['470.129.06'],
		name: ['NVIDIA A100-SXM4-40GB'],
		uuid: ['GPU-a1000000'],
		persistence_mode: ['Enabled'],
		'clocks_throttle_reasons.active': ['0x0000000000000024'],
		'ecc.mode.current': ['Enabled'],
		'ecc.errors.corrected.volatile.total': ['3'],
		'ecc.errors.uncorrected.volatile.total': ['0'],
		'mig.mode.current': ['Disabled'],
		'power.limit': ['400.00'],
		'enforced.power.limit': ['400.00'],
		'power.default_limit': ['400.00'],
		'power.min_limit': ['100.00'],
		'power.max_limit': ['400.00'],
		'clocks.current.sm': ['1080'],
		'clocks.current.memory': ['1215'],
		'clocks.applications.graphics': ['1095'],
		'clocks.applications.memory': ['1215'],
		'clocks.default_applications.graphics': ['1095'],
		'clocks.default_applications.memory': ['1215'],
		'clocks.max.sm': ['1410'],
		'clocks.max.memory': ['1215'],
	},
	table: tableHead('470.129.06', '11.4'),
	topology: `        GPU0    GPU1    mlx4_0  CPU Affinity
GPU0     X      PIX     PHB     0-9,20-29
GPU1    PIX      X      PHB     0-9,20-29
mlx4_0  PHB     PHB      X
`,
};

/**
 * A100 with MIG, driver 460.80: -L of github.com/DicardoX/Oh_My_TensorRT_ToolKit, README.md. Instances have no UUID of
 * their own but a path; what its table looks like does not matter then.
 */
export const a100MigOf450: SmiRecording = {
	...a100Of470,
	values: {
		...a100Of470.values,
		driver_version: ['460.80'],
		name: ['A100-PCIE-40GB'],
		uuid: ['GPU-9de3d0e8-33f5-10dc-0c79-2c88a7ab0a23'],
		'mig.mode.current': ['Enabled'],
	},
	list: `GPU 0: A100-PCIE-40GB (UUID: GPU-9de3d0e8-33f5-10dc-0c79-2c88a7ab0a23)
  MIG 4g.20gb Device 0: (UUID: MIG-GPU-9de3d0e8-33f5-10dc-0c79-2c88a7ab0a23/2/0)
  MIG 2g.10gb Device 1: (UUID: MIG-GPU-9de3d0e8-33f5-10dc-0c79-2c88a7ab0a23/3/0)
  MIG 1g.5gb Device 2: (UUID: MIG-GPU-9de3d0e8-33f5-10dc-0c79-2c88a7ab0a23/9/0)
`,
	table: tableHead('460.80', '11.2'),
};

/**
 * A small laptop GPU: github.com/KrispyCamel4u/SysMonTask/issues/60 tells neither power, nor its limits, nor clocks;
 * application clocks are there.
 */
export const laptop: SmiRecording = {
	...geforce470,
	values: {
		...geforce470.values,
		name: ['NVIDIA GeForce 940MX'],
		uuid: ['GPU-1a970000'],
		'utilization.gpu': ['[N/A]'],
		'utilization.memory': ['[N/A]'],
		'power.draw': ['[N/A]'],
		'power.limit': ['[N/A]'],
		'enforced.power.limit': ['[N/A]'],
		'power.default_limit': ['[N/A]'],
		'power.min_limit': ['[N/A]'],
		'power.max_limit': ['[N/A]'],
		'clocks.current.sm': ['[N/A]'],
		'clocks.current.memory': ['[N/A]'],
		'clocks.current.video': ['[Not Supported]'],
		'clocks.max.sm': ['[N/A]'],
		'clocks.max.memory': ['[N/A]'],
		'clocks.applications.graphics': ['901'],
		'clocks.applications.memory': ['2505'],
		'clocks.default_applications.graphics': ['901'],
		'clocks.default_applications.memory': ['2505'],
	},
};
