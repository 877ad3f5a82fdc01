/** The instances that a server says a model has, and its configuration with others. */

import type {ServedModel} from '../schemas/model-config.ts';
import {groupField, kindNames, type InstanceRequest} from './instance-group.ts';
import type {InstanceLayout} from './instance-variant.ts';
import {replaceMember} from './json-member.ts';

type Groups = Pick<ServedModel, 'instance_group'>;

/** All of them, on all GPUs. */
export const countInstances = ({instance_group: groups}: Groups): number =>
	groups.reduce((sum, {count, gpus}) => sum + count * Math.max(1, gpus.length), 0);

/** null where it runs on both, or the backend decides. */
const deviceOf = ({instance_group: groups}: Groups): 'cpu' | 'gpu' | null => {
	const kinds = new Set(groups.map(({kind}) => kind));
	const [kind] = kinds;
	if (kinds.size !== 1) {
		return null;
	}

	return kind === kindNames.cpu ? 'cpu' : kind === kindNames.gpu ? 'gpu' : null;
};

export const layoutOf = (model: Groups): InstanceLayout => {
	const places = model.instance_group.map(({gpus}) => Math.max(1, gpus.length));
	return {device: deviceOf(model), places: places.reduce((sum, count) => sum + count, 0) || 1};
};

/** Models that an ensemble is made of; undefined where the model is none. */
export const stepsOf = ({
	platform,
	ensemble_scheduling: scheduling,
}: ServedModel): readonly string[] | undefined =>
	platform === 'ensemble' || scheduling !== undefined
		? [...new Set((scheduling?.step ?? []).map((step) => step.model_name))]
		: undefined;

/** As editInstanceGroup does with a file: all groups get the count, or one gets a place. */
const editGroups = (
	groups: ServedModel['instance_group'],
	{count, kind, gpus}: InstanceRequest,
): readonly unknown[] => {
	const known = groups.length === 0 ? [{}] : groups;
	if (kind === null) {
		return known.map((group) => ({...group, count}));
	}

	const [first] = known;
	const asked = kind === 'cpu' ? {gpus: []} : gpus.length > 0 ? {gpus: [...gpus]} : {};
	return [{...first, count, kind: kindNames[kind], ...asked}];
};

/** @param text the server's answer @param served the same, parsed */
export const editServedConfig = (
	text: string,
	served: ServedModel,
	request: InstanceRequest,
): string =>
	replaceMember(text, groupField, JSON.stringify(editGroups(served.instance_group, request)));

/** Why the server's groups are not what was asked for; undefined where they are. */
export const findInstanceMismatch = (
	{instance_group: groups}: ServedModel,
	{count, kind, gpus}: InstanceRequest,
): string | undefined => {
	const wrong = groups.find((group) => group.count !== count);
	if (groups.length === 0 || wrong !== undefined) {
		return `it has ${wrong?.count ?? 'no'} instances, not ${count}`;
	}

	const other = kind === null ? undefined : groups.find((group) => group.kind !== kindNames[kind]);
	if (other !== undefined) {
		return `its instances are of ${other.kind}`;
	}

	const [first] = groups;
	return gpus.length > 0 && first !== undefined && first.gpus.join() !== gpus.join()
		? `its instances are on GPU ${first.gpus.join(', ')}`
		: undefined;
};

/** Whether two configurations differ in their instances at most. */
export const differInInstancesOnly = (a: string, b: string): boolean =>
	replaceMember(a, groupField, '[]') === replaceMember(b, groupField, '[]');
