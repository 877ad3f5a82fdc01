/**
 * What nvidia-smi of H100 and H200 answers, from public captures and guides; only the fields that we may ask for. Each
 * says where it is from.
 */

import {reasonSynonym, tableHead, type SmiRecording} from './recorded-smi.ts';

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
	table: tableHead('580.173.02', '13.0'),
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
	table: tableHead('590.48.01', '13.1'),
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
	table: `${tableHead('535.129.03', '12.2')}
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
