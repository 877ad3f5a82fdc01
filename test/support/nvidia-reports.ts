/**
 * Reads the CSV of `nsys stats`. Its names are quoted but inner quotes are not doubled, so a row is recognized by the
 * numbers around its name.
 */

export interface PushPopRow {
	readonly name: string;
	readonly startNs: bigint;
	readonly endNs: bigint;
	readonly pid: number;
	readonly tid: number;
	readonly rangeId: number;
	readonly parentId: number | null;
}

export interface ProjectionRow {
	readonly name: string;
	readonly projectedStartNs: bigint;
	readonly projectedNs: number;
	readonly style: 'PushPop' | 'StartEnd';
	readonly pid: number;
	readonly tid: number;
	readonly operations: number;
	readonly rangeId: number;
}

const pushPopPattern =
	/^(?<start>-?\d+),(?<end>-?\d+),\d+,-?\d+,-?\d+,(?<name>.*),(?<pid>\d+),(?<tid>\d+),\d+,\d+,(?<id>\d+),(?<parent>\d*),:[\d:]*,.*$/s;

const projectionPattern =
	/^(?<name>.*),(?<start>-?\d+),(?<takes>-?\d+),-?\d+,\d+,(?<style>PushPop|StartEnd),(?<pid>\d+),(?<tid>\d+),(?<operations>\d+),\d+,\d+,(?<id>\d+),\d*,:[\d:]*$/s;

/** The row of operations in no range: it has no style and no id. */
const restPattern = /^,-?\d+,-?\d+,,,,\d+,\d+,\d+,,\d+,,,$/;

const unquote = (text: string): string => /^"(?<inner>.*)"$/s.exec(text)?.groups?.['inner'] ?? text;

type Groups = Readonly<Record<string, string>>;

/** Names can hold line breaks: a row goes on until it has all its parts. */
const readRecords = (csv: string, patterns: readonly RegExp[]): Groups[] => {
	const records: Groups[] = [];
	let pending = '';
	const lines = csv.split('\n').slice(1);
	for (const [at, line] of lines.entries()) {
		pending = pending === '' ? line : `${pending}\n${line}`;
		const match = patterns.map((pattern) => pattern.exec(pending)).find((found) => found !== null);
		if (match) {
			records.push(match.groups ?? {});
			pending = '';
		} else if (at === lines.length - 1 && pending.trim() !== '') {
			throw new Error(`not understood: ${pending.slice(0, 300)}`);
		}
	}

	return records;
};

export const parsePushPopTrace = (csv: string): PushPopRow[] =>
	readRecords(csv, [pushPopPattern]).map((row) => ({
		name: unquote(String(row['name'])),
		startNs: BigInt(String(row['start'])),
		endNs: BigInt(String(row['end'])),
		pid: Number(row['pid']),
		tid: Number(row['tid']),
		rangeId: Number(row['id']),
		parentId: row['parent'] === '' ? null : Number(row['parent']),
	}));

export const parseProjectionTrace = (csv: string): ProjectionRow[] =>
	readRecords(csv, [projectionPattern, restPattern])
		.filter((row) => row['id'] !== undefined)
		.map((row) => ({
			name: unquote(String(row['name'])),
			projectedStartNs: BigInt(String(row['start'])),
			projectedNs: Number(row['takes']),
			style: row['style'] === 'StartEnd' ? 'StartEnd' : 'PushPop',
			pid: Number(row['pid']),
			tid: Number(row['tid']),
			operations: Number(row['operations']),
			rangeId: Number(row['id']),
		}));
