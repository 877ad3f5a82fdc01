/** What the parsers of this folder make of one file. */

import type {StudyPoint} from '../schemas/study.ts';
import type {Warning} from '../schemas/warning.ts';

type Writable<Type> = {-readonly [Key in keyof Type]: Type[Key]};

/** A point before it is known which others are its repeats. Parsers fill it as they read. */
export type ParsedPoint = Writable<Omit<StudyPoint, 'repeat'>>;

export interface ParsedFile {
	readonly points: readonly ParsedPoint[];
	/** What concerns the file and none of its points. */
	readonly warnings: readonly Warning[];
}

/** A point of which nothing is known but where it comes from. */
export const emptyPoint = (source: ParsedPoint['sources'][number]): ParsedPoint => ({
	label: '',
	model: null,
	load: {kind: 'schedule'},
	batchSize: null,
	protocol: null,
	serviceKind: null,
	device: null,
	instances: null,
	status: 'unknown',
	reasons: [],
	client: {percentiles: []},
	server: null,
	composing: [],
	gpus: [],
	windows: [],
	sources: [source],
});
