/** One configuration of a server that is measured: a model with so many instances, on what. */

import type {InstanceRequest} from './instance-group.ts';

export interface InstanceVariant {
	/** What perf_analyzer calls. */
	readonly model: string;
	/** Whose instances are set: the model itself, or one of an ensemble's. */
	readonly edited: string;
	readonly request: InstanceRequest;
	/** What it runs on, where that is known. */
	readonly device: 'cpu' | 'gpu' | null;
	/** All of them, over groups and GPUs. */
	readonly instances: number;
}

export interface InstanceGrid {
	readonly models: readonly string[];
	/** null: each measured model itself. */
	readonly edited: string | null;
	readonly counts: readonly number[];
	/** Empty: as each model has it. */
	readonly kinds: readonly ('cpu' | 'gpu')[];
	readonly gpus: readonly number[];
}

/** How a model's instances are spread as it is configured. */
export interface InstanceLayout {
	readonly device: 'cpu' | 'gpu' | null;
	/** Over how many groups and GPUs: each gets the count. */
	readonly places: number;
}

/** Model by model and device by device, so that lines of a plot are measured one after another. */
export const listVariants = (
	{models, edited, counts, kinds, gpus}: InstanceGrid,
	findLayout: (model: string) => InstanceLayout,
): readonly InstanceVariant[] =>
	models.flatMap((model) =>
		(kinds.length === 0 ? [null] : kinds).flatMap((kind) => {
			const layout = findLayout(edited ?? model);
			const asked = kind === 'gpu' ? gpus : [];
			const places = kind === null ? layout.places : Math.max(1, asked.length);
			return counts.map((count) => ({
				model,
				edited: edited ?? model,
				request: {count, kind, gpus: asked},
				device: kind ?? layout.device,
				instances: count * places,
			}));
		}),
	);

/** "m, 2 instances (gpu)"; "pipeline, 2 instances of preprocess on each GPU of 0, 1". */
export const labelOf = ({
	model,
	edited,
	request: {count, gpus},
	device,
}: InstanceVariant): string => {
	const of = edited === model ? '' : ` of ${edited}`;
	const where =
		gpus.length > 1
			? ` on each GPU of ${gpus.join(', ')}`
			: gpus.length === 1
				? ` (gpu ${gpus.join()})`
				: device === null
					? ''
					: ` (${device})`;
	return `${model}, ${count} ${count === 1 ? 'instance' : 'instances'}${of}${where}`;
};

/** For files and folders: "pipeline_preprocess_gpu0-1_2instances". Triton's model names are names of folders. */
export const slugOf = ({model, edited, request: {count, gpus}, device}: InstanceVariant): string =>
	[
		model,
		...(edited === model ? [] : [edited]),
		...(device === null ? [] : [`${device}${gpus.join('-')}`]),
		`${count}instances`,
	].join('_');
