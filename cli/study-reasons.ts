/** Why points are what they are: it stands at each in study.json, and is said once of all. */

import {plural} from '../base/plural.ts';
import type {Study} from '../schemas/study.ts';
import type {Terminal} from './terminal.ts';
import {sayWarnings} from './warning-lines.ts';

export const sayStudyReasons = ({points}: Pick<Study, 'points'>, terminal: Terminal): void => {
	const kinds = new Map<string, {count: number; message: string}>();
	for (const {code, message} of points.flatMap(({reasons}) => reasons)) {
		const kind = kinds.get(code);
		kinds.set(code, {count: (kind?.count ?? 0) + 1, message: kind?.message ?? message});
	}

	for (const [code, {count, message}] of kinds) {
		sayWarnings([{code, message: `${plural(count, 'point')}: ${code}: ${message}`}], terminal);
	}
};
