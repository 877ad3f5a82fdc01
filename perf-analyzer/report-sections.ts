/** The block of a point: which section a line stands in, and so what its numbers are of. */

import type {ComposingModel} from '../schemas/study.ts';
import {
	gpuTitles,
	readClientLine,
	readGpuLine,
	readServerLine,
	type ServerNumbers,
} from './report-lines.ts';
import {addPoint} from './report-run.ts';
import {closeBlock, runOf, sourceOf, type ReaderState} from './report-state.ts';
import type {ReportLine} from './report-text.ts';

const openClient = (state: ReaderState, line: ReportLine): void => {
	if (state.current?.measured !== false || !runOf(state).points.includes(state.current)) {
		state.current = addPoint(runOf(state), {kind: 'schedule'}, sourceOf(state, line));
	}

	state.current.measured = true;
	closeBlock(state);
	state.section = 'client';
};

const openComposing = (state: ReaderState, {text, indent}: ReportLine): boolean => {
	const {current, composingIndents} = state;
	if (current === undefined || (state.section !== 'server' && state.section !== 'composing')) {
		return false;
	}

	if (text === 'Composing models:') {
		if (state.section === 'server') {
			composingIndents.length = 0;
		}

		while ((composingIndents.at(-1) ?? -1) >= indent) {
			composingIndents.pop();
		}

		composingIndents.push(indent);
		state.section = 'composing';
		return true;
	}

	const model = state.section === 'composing' ? /^(\S.*), version:\s*(.*)$/.exec(text) : null;
	if (model === null) {
		return false;
	}

	while (composingIndents.length > 1 && (composingIndents.at(-1) ?? 0) > indent) {
		composingIndents.pop();
	}

	const entry: ServerNumbers & ComposingModel = {
		name: model[1] ?? '',
		version: model[2] ?? '',
		depth: composingIndents.length,
	};
	current.point.composing.push(entry);
	state.server = entry;
	return true;
};

export const openSection = (state: ReaderState, line: ReportLine): boolean => {
	const {current, section} = state;
	if (line.text === 'Client:') {
		openClient(state, line);
		return true;
	}

	if (current === undefined || section === 'none') {
		return false;
	}

	if (line.text === 'Server:') {
		const server: ServerNumbers = {};
		current.point.server = server;
		state.server = server;
		state.section = 'server';
		return true;
	}

	if (line.text === 'Server Prometheus Metrics:') {
		state.section = 'gpus';
		return true;
	}

	return openComposing(state, line);
};

export const readBlockLine = (state: ReaderState, {text}: ReportLine): boolean => {
	const {current, section, server} = state;
	if (current === undefined || section === 'none') {
		return false;
	}

	switch (section) {
		case 'client':
			return readClientLine(text, current.point);
		case 'server':
		case 'composing':
			return server !== undefined && readServerLine(text, server);
		case 'gpus': {
			const title = gpuTitles.get(text.replace(/:$/, ''));
			state.gpuKey = title ?? state.gpuKey;
			return (
				title !== undefined ||
				(state.gpuKey !== undefined && readGpuLine(text, state.gpuKey, current.point.gpus))
			);
		}
	}
};
