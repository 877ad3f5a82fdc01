/** The lines of a report, freed of what logs, terminals, MPI and Markdown put around them. */

export interface ReportLine {
	/** 1-based. */
	readonly number: number;
	/** Without blanks around it. */
	readonly text: string;
	/** Blanks before it. */
	readonly indent: number;
}

export interface ReportStream {
	/** MPI's job and rank, "1,0"; undefined where none is named. */
	readonly rank: string | undefined;
	readonly lines: readonly ReportLine[];
}

const rankPattern = /^\[(\d+,\d+)\]<std(?:out|err|diag)>: ?/;
/** Colours and cursor moves of terminals. */
const escapes = /\u001b\[[0-9;?]*[A-Za-z]/g;
const quoteMarks = /^(?:> ?)+/;

const cleanLine = (raw: string, number: number): ReportLine => {
	const plain = raw.replaceAll('\r', '').replace(quoteMarks, '').replaceAll('\t', '    ');
	return {number, text: plain.trim(), indent: plain.length - plain.trimStart().length};
};

/** Under `mpiexec --tag-output` the ranks' lines are mixed: each rank is a stream of its own. */
export const splitStreams = (text: string): readonly ReportStream[] => {
	const streams = new Map<string | undefined, ReportLine[]>();
	const rows = text
		.replace(/^\uFEFF/, '')
		.replaceAll(escapes, '')
		.split('\n');
	rows.forEach((raw, index) => {
		const rank = rankPattern.exec(raw);
		const line = cleanLine(rank === null ? raw : raw.slice(rank[0].length), index + 1);
		const lines = streams.get(rank?.[1]);
		if (lines === undefined) {
			streams.set(rank?.[1], [line]);
		} else {
			lines.push(line);
		}
	});
	return [...streams].map(([rank, lines]) => ({rank, lines}));
};

/** Not "``` 19.8 ``` is the target": that is code within a sentence. */
export const isFence = ({text}: ReportLine): boolean => /^(?:`{3,}[^`]*|~{3,}.*)$/.test(text);

/** "Try the ONNX backend" of "## Try the `ONNX` backend"; undefined where the line is no heading. */
export const readHeading = ({text}: ReportLine): string | undefined => {
	const heading = /^#{1,6}\s+(.+?)\s*#*$/.exec(text)?.[1];
	return heading?.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '');
};

/** Calls of perf_analyzer are often written over several lines: those that end with a backslash go on in the next one. */
export const joinContinued = (lines: readonly ReportLine[], place: number): string => {
	let text = '';
	for (let next = place; next < lines.length; next++) {
		const line = lines[next]?.text ?? '';
		text += ` ${line.replace(/\\$/, '')}`;
		if (!line.endsWith('\\')) {
			break;
		}
	}

	return text.trim();
};
