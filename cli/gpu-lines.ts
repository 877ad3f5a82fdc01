/** What is known of a GPU's settings, in a line or two for people. What is not known is left out. */

import {describeLimit, suggestGpus} from '../launcher/describe-gpus.ts';
import type {PlanHost} from '../launcher/plan-host.ts';
import {visibleGpus} from '../launcher/visible-gpus.ts';
import type {GpuFacts} from '../schemas/fingerprint.ts';

const say = (value: number | string | null, write: (value: number | string) => string): string[] =>
	value === null ? [] : [write(value)];

const sayMode = (name: string, mode: boolean | null): string[] =>
	mode === null ? [] : [`${name} ${mode ? 'on' : 'off'}`];

const describePower = ({enforcedPowerLimitWatts: now, maxPowerLimitWatts: most}: GpuFacts) =>
	say(now, (watts) => `power limit ${watts} W${most === null ? '' : ` of ${most} W`}`);

/** Application clocks only where they are known not to be what the GPU comes with. */
const describeClocks = (facts: GpuFacts): string[] => {
	const {applicationGraphicsClockMhz: set, defaultGraphicsClockMhz: usual} = facts;
	return [
		...say(facts.maxSmClockMhz, (clock) => `SM clock up to ${clock} MHz`),
		...(usual === null || set === usual
			? []
			: say(set, (clock) => `application clock set to ${clock} MHz`)),
	];
};

const describePcie = ({pcieMaxGeneration: generation, pcieMaxWidth: width}: GpuFacts): string[] =>
	generation === null || width === null ? [] : [`PCIe ${generation} x${width}`];

/** The settings, and below them one line per MIG instance. */
export const describeGpuSettings = (facts: GpuFacts): readonly string[] =>
	[
		[
			...describePower(facts),
			...describeClocks(facts),
			...describePcie(facts),
			...sayMode('ECC', facts.ecc),
			...sayMode('MIG', facts.migMode),
			...sayMode('persistence', facts.persistenceMode),
			...say(facts.numaNode, (node) => `NUMA node ${node}`),
			...say(facts.vbios, (version) => `VBIOS ${version}`),
		].join(', '),
		...facts.migDevices.map(({profile, uuid}) => `MIG ${profile}  ${uuid}`),
	].filter((line) => line !== '');

/** How a run counts the GPUs, and what to type for each of them. */
export const describeNaming = (host: PlanHost): string => {
	const visible = visibleGpus(host);
	const limit = describeLimit(host);
	const because = limit === '' ? '' : ` (${limit})`;
	return visible.length === 0
		? `A run may use none of them${because}.`
		: `A run may use ${visible.length}${because}: ${suggestGpus(visible)}, or by the beginning of a UUID.`;
};
