/**
 * A copy of a model repository in which a model has other instances. The original is only read: folders are made anew, so
 * that what a server writes beside its models (Python's __pycache__) lands in the copy, and only large files are links.
 */

import {
	constants,
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
	type Stats,
} from 'node:fs';
import path from 'node:path';
import {messageOf, ToolError, UserError} from '../base/errors.ts';
import {
	editInstanceGroup,
	readEnsembleSteps,
	readGroups,
	type InstanceRequest,
} from './instance-group.ts';
import type {InstanceLayout} from './instance-variant.ts';
import {layoutOf} from './served-instances.ts';
import {parseDocument, type Document} from './text-proto/document.ts';

const configName = 'config.pbtxt';

/** Bytes. Below it a copy costs nothing and is safe from whoever writes into it. */
const smallFile = 1 << 20;

/** Folders in folders; a repository has three. */
const deepest = 32;

/** @throws UserError where there is no such folder */
const listModels = (repository: string): readonly string[] => {
	try {
		return readdirSync(repository)
			.filter((name) => statSync(path.join(repository, name)).isDirectory())
			.sort();
	} catch (error) {
		throw new UserError(`${repository} cannot be read as a model repository: ${messageOf(error)}`, {
			next: '--model-repository takes the folder whose folders are models, as tritonserver does.',
			cause: error,
		});
	}
};

/** Byte by byte, so that comments in any encoding come out as they went in. undefined where the model has no file. */
const readConfig = (repository: string, model: string): Document | undefined => {
	const file = path.join(repository, model, configName);
	if (!existsSync(file)) {
		return undefined;
	}

	try {
		return parseDocument({text: readFileSync(file, 'latin1'), file});
	} catch (error) {
		if (error instanceof UserError) {
			throw error;
		}

		throw new UserError(`${file} cannot be read: ${messageOf(error)}`, {cause: error});
	}
};

/** @throws UserError where the repository has no such model */
const readModelConfig = (repository: string, model: string): Document | undefined => {
	const models = listModels(repository);
	if (!models.includes(model)) {
		throw new UserError(`${repository} has no model ${model}`, {
			next: models.length === 0 ? 'It has none at all.' : `It has ${models.join(', ')}.`,
		});
	}

	return readConfig(repository, model);
};

export interface ModelFacts {
	/** Models that an ensemble is made of; undefined where the model is none. */
	readonly steps: readonly string[] | undefined;
	readonly layout: InstanceLayout;
}

/** What its configuration says. @throws UserError where it cannot be read */
export const readModelFacts = (repository: string, model: string): ModelFacts => {
	const document = readModelConfig(repository, model);
	return {
		steps: document === undefined ? undefined : readEnsembleSteps(document),
		layout: layoutOf({instance_group: document === undefined ? [] : readGroups(document)}),
	};
};

const copyFile = (from: string, to: string, {size}: Stats, mayLink: boolean): void => {
	if (mayLink && size > smallFile) {
		symlinkSync(realpathSync(from), to);
	} else {
		// Where the file system can, both share their blocks.
		copyFileSync(from, to, constants.COPYFILE_FICLONE);
	}
};

const copyFolder = (from: string, to: string, mayLink: boolean, depth = 0): void => {
	if (depth > deepest) {
		throw new UserError(`${from}: folders are nested deeper than ${deepest}`, {
			next: 'A link that leads back into its own folder does that.',
		});
	}

	mkdirSync(to);
	for (const name of readdirSync(from)) {
		const [source, target] = [path.join(from, name), path.join(to, name)];
		// Links are followed: what they lead to is what the server would read.
		const stats = statSync(source, {throwIfNoEntry: false});
		if (stats?.isDirectory() === true) {
			copyFolder(source, target, mayLink, depth + 1);
		} else if (stats?.isFile() === true) {
			copyFile(source, target, stats, mayLink);
		}
	}
};

export interface RepositoryCopy {
	/** Made; must not exist. */
	readonly to: string;
	/** Links do not reach into containers. */
	readonly mayLink: boolean;
}

/**
 * @param model has a folder there; without a configuration file it gets one with its instances alone, and Triton completes it
 * @throws UserError where the configuration cannot be read, ToolError where the disk refuses
 */
export const copyRepository = (
	repository: string,
	model: string,
	request: InstanceRequest,
	{to, mayLink}: RepositoryCopy,
): void => {
	const file = path.join(to, model, configName);
	const document =
		readModelConfig(repository, model) ??
		parseDocument({text: '', file: path.join(repository, model, configName)});
	const text = editInstanceGroup(document, request);
	try {
		copyFolder(repository, to, mayLink);
		// It may be a link.
		rmSync(file, {force: true});
		writeFileSync(file, text, 'latin1');
	} catch (error) {
		if (error instanceof UserError) {
			throw error;
		}

		throw new ToolError(`${repository} cannot be copied to ${to}: ${messageOf(error)}`, {
			next: 'Make room there, or set TMPDIR to another disk.',
			cause: error,
		});
	}
};
