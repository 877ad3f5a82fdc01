/**
 * What a recording of nvidia-smi holds, and the words of one that fails. The GPUs that were recorded are in
 * recorded-hopper-gpus.ts and recorded-older-gpus.ts; fake-smi.ts answers as they did.
 */

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

/** The head of the table. */
export const tableHead = (driver: string, cuda: string): string =>
	`| NVIDIA-SMI ${driver}    Driver Version: ${driver}    CUDA Version: ${cuda}     |\n`;

export const reasonSynonym = [
	'clocks_event_reasons.active',
	'clocks_throttle_reasons.active',
] as const;

/** Printed on stdout, with exit code 9. */
export const noDriver =
	"NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n\n";

/** github.com/JosephKJ/OWOD/issues/81 and github.com/NVIDIA/dcgm-exporter/issues/604. */
export const lostGpu =
	'Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost.  Reboot the system to recover this GPU';
