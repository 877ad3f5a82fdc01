/**
 * What nvidia-smi of several drivers and GPUs answers, from public captures and threads; only the fields that we may ask
 * for. Each says where it is from.
 */

import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';

export interface SmiRecording {
	/** By field, the value on each GPU as `--format=csv,nounits` prints it. A field that is absent is refused. */
	readonly values: Readonly<Record<string, readonly string[]>>;
	/** -L */
	readonly list: string;
	/** The head of the table. */
	readonly table: string;
	/** topo -m */
	readonly topology: string;
	/** Fields that share a line of the help: the newer name, the older one. */
	readonly synonyms?: readonly (readonly [string, string])[];
}

const header = (driver: string, cuda: string): string =>
	`| NVIDIA-SMI ${driver}    Driver Version: ${driver}    CUDA Version: ${cuda}     |\n`;

const reasonSynonym = ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'] as const;

/**
 * H200 with MIG, driver 580.173.02: github.com/utkuozdemir/nvidia_gpu_exporter,
 * internal/captures/linux-x86_64__nvidia-h200-mig__580.173.02.txt (serial number and UUID blanked there).
 * Utilisation is [N/A], and no deprecated name is missing.
 */
export const h200Mig580: SmiRecording = {
	values: {
		timestamp: ['2026/09/01 20:42:06.675'],
		driver_version: ['580.173.02'],
		name: ['NVIDIA H200'],
		uuid: ['GPU-00000000-0000-0000-0000-000000000000'],
		'pci.bus_id': ['00000000:83:00.0'],
		'pcie.link.gen.current': ['5'],
		'pcie.link.gen.gpucurrent': ['5'],
		'pcie.link.gen.max': ['5'],
		'pcie.link.width.current': ['16'],
		'pcie.link.width.max': ['16'],
		index: ['0'],
		persistence_mode: ['Enabled'],
		vbios_version: ['96.00.A5.00.03'],
		'clocks_event_reasons.active': ['0x0000000000000001'],
		'clocks_throttle_reasons.active': ['0x0000000000000001'],
		'clocks_event_reasons_counters.sw_power_cap': ['0'],
		'clocks_event_reasons_counters.sw_thermal_slowdown': ['0'],
		'clocks_event_reasons_counters.hw_thermal_slowdown': ['0'],
		'clocks_event_reasons_counters.hw_power_brake_slowdown': ['0'],
		'memory.total': ['143771'],
		'memory.used': ['44'],
		compute_mode: ['Default'],
		compute_cap: ['9.0'],
		'utilization.gpu': ['[N/A]'],
		'utilization.memory': ['[N/A]'],
		'utilization.encoder': ['[N/A]'],
		'utilization.decoder': ['[N/A]'],
		'ecc.mode.current': ['Enabled'],
		'ecc.errors.corrected.volatile.total': ['0'],
		'ecc.errors.uncorrected.volatile.total': ['0'],
		'temperature.gpu': ['37'],
		'temperature.memory': ['38'],
		'power.draw': ['89.93'],
		'power.draw.instant': ['85.32'],
		'power.limit': ['700.00'],
		'enforced.power.limit': ['700.00'],
		'power.default_limit': ['700.00'],
		'power.min_limit': ['200.00'],
		'power.max_limit': ['700.00'],
		'clocks.current.sm': ['345'],
		'clocks.current.memory': ['3201'],
		'clocks.current.video': ['765'],
		'clocks.applications.graphics': ['1980'],
		'clocks.applications.memory': ['3201'],
		'clocks.default_applications.graphics': ['1980'],
		'clocks.default_applications.memory': ['3201'],
		'clocks.max.sm': ['1980'],
		'clocks.max.memory': ['3201'],
		'mig.mode.current': ['Enabled'],
	},
	list: `GPU 0: NVIDIA H200 (UUID: GPU-00000000-0000-0000-0000-000000000000)
  MIG 3g.71gb     Device  0: (UUID: MIG-f165f0ad-bde2-5b72-acdf-73bbf48eeb2c)
`,
	table: header('580.173.02', '13.0'),
	topology:
		'\tGPU0\tCPU Affinity\tNUMA Affinity\tGPU NUMA ID\nGPU0\t X \t0-23\t0\t\tN/A\n\nLegend:\n',
	synonyms: [reasonSynonym],
};

/**
 * Two H100, one under load: power, temperature, memory and utilisation from
 * linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01.txt of the same repository ("load" and "idle"). That machine has one; the
 * second, their UUIDs and the power cap are ours.
 */
export const h100Pair590: SmiRecording = {
	values: {
		...Object.fromEntries(
			Object.entries(h200Mig580.values).map(([field, [value = '']]) => [field, [value, value]]),
		),
		timestamp: ['2026/07/14 08:12:53.100', '2026/07/14 08:12:53.104'],
		driver_version: ['590.48.01', '590.48.01'],
		name: ['NVIDIA H100 80GB HBM3', 'NVIDIA H100 80GB HBM3'],
		uuid: ['GPU-aaaaaaaa', 'GPU-bbbbbbbb'],
		index: ['0', '1'],
		'memory.total': ['81559', '81559'],
		'memory.used': ['19818', '0'],
		'utilization.gpu': ['100', '0'],
		'utilization.memory': ['11', '0'],
		'utilization.encoder': ['0', '0'],
		'utilization.decoder': ['0', '0'],
		'clocks_event_reasons.active': ['0x0000000000000004', '0x0000000000000001'],
		'temperature.gpu': ['59', '41'],
		'temperature.memory': ['55', '47'],
		'power.draw': ['629.45', '69.30'],
		'power.draw.instant': ['588.39', '69.10'],
		'mig.mode.current': ['Disabled', 'Disabled'],
	},
	list: 'GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-aaaaaaaa)\nGPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-bbbbbbbb)\n',
	table: header('590.48.01', '13.1'),
	// Two of the eight of github.com/sgl-project/sglang/issues/13973, and underlined as on a terminal.
	topology: `\u001B[4m        GPU0    GPU1    NIC0    CPU Affinity    NUMA Affinity   GPU NUMA ID\u001B[0m
GPU0     X      NV18    PIX     0-23,96-119     0               N/A
GPU1    NV18     X      NODE    24-47,120-143   1               N/A
NIC0    PIX     NODE     X

Legend:

  X    = Self
`,
	synonyms: [reasonSynonym],
};

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
	table: header('471.11', '11.4'),
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
	table: header('470.129.06', '11.4'),
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
	table: header('460.80', '11.2'),
};

/**
 * Three H100: the first with two MIG instances, the second in MIG mode without any, the third whole. Tables of driver 535
 * as in NVIDIA's MIG user guide ("Getting Started with MIG") and DCGM's; UUIDs are ours.
 */
export const h100MigOf535: SmiRecording = {
	...h200Mig580,
	values: {
		...Object.fromEntries(
			Object.entries(h200Mig580.values).map(([field, [value = '']]) => [
				field,
				[value, value, value],
			]),
		),
		index: ['0', '1', '2'],
		name: ['NVIDIA H100 80GB HBM3', 'NVIDIA H100 80GB HBM3', 'NVIDIA H100 80GB HBM3'],
		driver_version: ['535.129.03', '535.129.03', '535.129.03'],
		uuid: [
			'GPU-aaaaaaaa-0000-4000-8000-000000000001',
			'GPU-aaaabbbb-0000-4000-8000-000000000002',
			'GPU-cccccccc-0000-4000-8000-000000000003',
		],
		'pci.bus_id': ['00000000:04:00.0', '00000000:05:00.0', '00000000:0B:00.0'],
		'mig.mode.current': ['Enabled', 'Enabled', 'Disabled'],
	},
	list: `GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-aaaaaaaa-0000-4000-8000-000000000001)
  MIG 3g.40gb     Device  0: (UUID: MIG-11111111-0000-5000-8000-000000000001)
  MIG 3g.40gb     Device  1: (UUID: MIG-11111111-0000-5000-8000-000000000002)
GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-aaaabbbb-0000-4000-8000-000000000002)
GPU 2: NVIDIA H100 80GB HBM3 (UUID: GPU-cccccccc-0000-4000-8000-000000000003)
`,
	table: `${header('535.129.03', '12.2')}
+---------------------------------------------------------------------------------------+
| MIG devices:                                                                          |
+------------------+--------------------------------+-----------+-----------------------+
| GPU  GI  CI  MIG |                   Memory-Usage |        Vol|      Shared           |
|      ID  ID  Dev |                     BAR1-Usage | SM     Unc| CE ENC DEC OFA JPG    |
|                  |                                |        ECC|                       |
|==================+================================+===========+=======================|
|  0    1   0   0  |              19MiB / 40192MiB  | 60      0 |  3   0    3    0    3 |
|                  |               0MiB / 65535MiB  |           |                       |
+------------------+--------------------------------+-----------+-----------------------+
|  0    2   0   1  |              19MiB / 40192MiB  | 60      0 |  3   0    3    0    3 |
|                  |               0MiB / 65535MiB  |           |                       |
+------------------+--------------------------------+-----------+-----------------------+
`,
	topology: `\tGPU0\tGPU1\tGPU2\tCPU Affinity\tNUMA Affinity\tGPU NUMA ID
GPU0\t X \tNV18\tSYS\t0-1\t0\t\tN/A
GPU1\tNV18\t X \tSYS\t0-1\t0\t\tN/A
GPU2\tSYS\tSYS\t X \t2-3\t1\t\tN/A
`,
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

/** Printed on stdout, with exit code 9. */
export const noDriver =
	"NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n\n";

/** github.com/JosephKJ/OWOD/issues/81 and github.com/NVIDIA/dcgm-exporter/issues/604. */
export const lostGpu =
	'Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost.  Reboot the system to recover this GPU';

const formatHelp = ({values, synonyms = []}: SmiRecording): string =>
	Object.keys(values)
		.filter((field) => !synonyms.some(([, older]) => older === field))
		.map((field) => {
			const older = synonyms.find(([newer]) => newer === field)?.[1];
			return `"${field}"${older === undefined ? '' : ` or "${older}"`}\nWhat it is, in "words".\n`;
		})
		.join('\n');

/** A folder with a nvidia-smi in it that answers as recorded. */
export class FakeSmi {
	readonly command: string;
	readonly #folder: string;

	/** @param folder a new one is made there. @param recording null: there is no driver */
	constructor(folder: string, recording: SmiRecording | null) {
		this.#folder = path.join(folder, 'smi');
		this.command = path.join(folder, 'nvidia-smi');
		mkdirSync(this.#folder);
		const script = path.resolve(import.meta.dirname, 'fake-nvidia-smi.sh');
		writeFileSync(this.command, `#!/bin/sh\nFAKE_SMI='${this.#folder}' exec '${script}' "$@"\n`, {
			mode: 0o755,
		});
		if (recording === null) {
			this.write('down', noDriver);
			return;
		}

		this.write(
			'values',
			Object.entries(recording.values)
				.map(([field, values]) => `${[field, ...values].join('\t')}\n`)
				.join(''),
		);
		this.write('help', formatHelp(recording));
		this.write('list', recording.list);
		this.write('table', recording.table);
		this.write('topo', recording.topology);
	}

	/** @param name see fake-nvidia-smi.sh */
	write(name: string, text: string): void {
		writeFileSync(path.join(this.#folder, name), text);
	}

	/** What the nth -lms does. */
	loop(turn: number, ...lines: readonly string[]): void {
		this.write(`loop.${turn}`, lines.map((line) => `${line}\n`).join(''));
	}

	/** It tells of the present from now on, and as often as it is asked to go on telling. */
	goLive(turns = 30): void {
		this.write('live', '');
		for (let turn = 1; turn <= turns; turn++) {
			this.loop(turn, 'live');
		}
	}

	/** Holds the files that fake-nvidia-smi.sh tells of. */
	get folder(): string {
		return this.#folder;
	}

	get askedFile(): string {
		return path.join(this.#folder, 'asked');
	}
}
