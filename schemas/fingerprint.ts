import * as z from 'zod';

/**
 * What machine and what software a run was measured on, as far as it could be found out: null is "not known", never
 * "not there". The manifest holds it; `compare` shows where two runs differ.
 */

const text = z.string().nullable();
const number = z.number().nullable();
/** "Enabled" or "Disabled", where the driver tells. */
const enabled = z.boolean().nullable();

/** A part of a GPU that is a GPU of its own to CUDA. */
export const MigDevice = z.strictObject({
	uuid: z.string(),
	/** "3g.71gb" */
	profile: z.string(),
});
export type MigDevice = Readonly<z.infer<typeof MigDevice>>;

export const GpuFacts = z
	.strictObject({
		/** As nvidia-smi counts them. */
		index: z.int().nonnegative(),
		uuid: text,
		name: text,
		driver: text,
		vbios: text,
		/** "00000000:83:00.0" */
		busId: text,
		/** "9.0" */
		computeCapability: text,
		memoryMib: number,
		/** "Default", "Exclusive_Process", "Prohibited" */
		computeMode: text,
		/** The driver stays loaded between programs. */
		persistenceMode: enabled,
		migMode: enabled,
		migDevices: z.array(MigDevice),
		ecc: enabled,
		/** When it was asked, which an idle GPU lowers; and the most that GPU and machine can do. */
		pcieGeneration: number,
		pcieMaxGeneration: number,
		/** Lanes. */
		pcieWidth: number,
		pcieMaxWidth: number,
		/** Watts: what was set, what holds (the lowest of all limits), and what can be set. */
		powerLimitWatts: number,
		enforcedPowerLimitWatts: number,
		defaultPowerLimitWatts: number,
		minPowerLimitWatts: number,
		maxPowerLimitWatts: number,
		/** MHz. Application clocks are what was set by `nvidia-smi -ac`; locked clocks (`-lgc`) no driver tells. */
		maxSmClockMhz: number,
		maxMemoryClockMhz: number,
		applicationGraphicsClockMhz: number,
		applicationMemoryClockMhz: number,
		defaultGraphicsClockMhz: number,
		defaultMemoryClockMhz: number,
		/** The CPUs near it, "0-31,64-95". */
		cpuAffinity: text,
		/** Its memory node, "0". */
		numaNode: text,
	})
	.meta({id: 'gpu-facts'});
export type GpuFacts = Readonly<z.infer<typeof GpuFacts>>;

/** How two GPUs reach each other. */
export const GpuLink = z.strictObject({
	/** Indices. */
	from: z.int().nonnegative(),
	to: z.int().nonnegative(),
	/** "NV18" for 18 NVLinks; PIX, PXB, PHB, NODE, SYS: farther and farther through PCIe. */
	kind: z.string(),
});
export type GpuLink = Readonly<z.infer<typeof GpuLink>>;

export const NumaNode = z.strictObject({
	node: z.int().nonnegative(),
	/** "0-31,64-95" */
	cpus: z.string(),
});

export const MachineFacts = z.strictObject({
	/** All that are in use, sorted: ["performance"]. null: this machine has none, as most virtual ones. */
	cpuGovernors: z.array(z.string()).nullable(),
	/** Whether CPUs may exceed their base clock. */
	cpuBoost: enabled,
	/** CPUs that we may use. */
	cpusAllowed: z.int().positive(),
	numaNodes: z.array(NumaNode).nullable(),
	/** "docker", "kubernetes", "podman", "apptainer", "lxc", "container" (of an unknown kind), "wsl"; null: none seen. */
	container: text,
});
export type MachineFacts = Readonly<z.infer<typeof MachineFacts>>;

/** The Python that runs the program. */
export const PythonFacts = z.strictObject({
	path: z.string(),
	version: z.string(),
	/** Of packages that matter to GPU programs and are installed, by name. */
	packages: z.record(z.string(), z.string()),
});
export type PythonFacts = Readonly<z.infer<typeof PythonFacts>>;

/** The repository that the program lies in. */
export const GitFacts = z.strictObject({
	commit: z.string(),
	/** null: no branch is checked out. */
	branch: text,
	/** A tracked file differs from the commit. */
	dirty: z.boolean(),
	/** Whether the program itself is part of the repository: otherwise the commit says nothing of it. */
	tracked: z.boolean(),
});
export type GitFacts = Readonly<z.infer<typeof GitFacts>>;

export const Fingerprint = z
	.strictObject({
		gpus: z.array(GpuFacts),
		/** Each pair once; null where nvidia-smi does not tell. */
		gpuLinks: z.array(GpuLink).nullable(),
		/** The newest CUDA that the driver can run, "13.0". */
		driverCudaVersion: text,
		machine: MachineFacts,
		/** null: the program is none of Python's, or its Python did not answer. */
		python: PythonFacts.nullable(),
		/** null: no repository, or no git. */
		git: GitFacts.nullable(),
		/** Variables that change how GPU programs run, of a fixed list: never a secret. */
		environment: z.record(z.string(), z.string()),
	})
	.meta({id: 'fingerprint'});
export type Fingerprint = Readonly<z.infer<typeof Fingerprint>>;
