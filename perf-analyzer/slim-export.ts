/**
 * A request export without its tensors. perf_analyzer writes every request's inputs and outputs as decimal text: a point of
 * a few seconds with images takes hundreds of megabytes, of which the times are a thousandth. Times stay as they stand.
 */

import {closeSync, openSync, readSync, renameSync, rmSync, statSync, writeSync} from 'node:fs';
import {JsonScanError, JsonScanner} from './json-scanner.ts';

/** Bytes. Below it, the file stays as perf_analyzer wrote it. */
const smallest = 8 * 1024 * 1024;

/** Bytes of text that are gathered before they are written. */
const pieceSize = 1 << 16;

class TextFile {
	private readonly descriptor: number;
	private text = '';

	constructor(file: string) {
		this.descriptor = openSync(file, 'w');
	}

	add(text: string): void {
		this.text += text;
		if (this.text.length > pieceSize) {
			this.flush();
		}
	}

	private flush(): void {
		writeSync(this.descriptor, this.text);
		this.text = '';
	}

	[Symbol.dispose](): void {
		this.flush();
		closeSync(this.descriptor);
	}
}

/** Members in their order, with commas between them. */
const copyObject = (
	scanner: JsonScanner,
	out: TextFile,
	copyMember: (key: string) => string | undefined,
): void => {
	let first = true;
	out.add('{');
	scanner.readObject((key) => {
		const member = copyMember(key);
		if (member !== undefined) {
			out.add(`${first ? '' : ','}${member}`);
			first = false;
		}
	});
	out.add('}');
};

const copyNumbers = (scanner: JsonScanner): string => {
	const numbers: string[] = [];
	scanner.readArray(() => numbers.push(scanner.readNumber()));
	return `[${numbers.join(',')}]`;
};

/** Only whether an answer had content is kept: a decoupled model's last one may have none, and does not count then. */
const copyOutputs = (scanner: JsonScanner): string => {
	const outputs: string[] = [];
	scanner.readArray(() => outputs.push(scanner.skipValue() ? '{}' : '{"dropped":true}'));
	return `[${outputs.join(',')}]`;
};

const copyRequest = (scanner: JsonScanner, out: TextFile): void =>
	copyObject(scanner, out, (key) => {
		switch (key) {
			case 'timestamp':
			case 'sequence_id':
				return `"${key}":${scanner.readNumber()}`;
			case 'response_timestamps':
				return `"${key}":${copyNumbers(scanner)}`;
			case 'response_outputs':
				return `"${key}":${copyOutputs(scanner)}`;
			default:
				scanner.skipValue();
				return undefined;
		}
	});

const copyRequests = (scanner: JsonScanner, out: TextFile): void => {
	let first = true;
	out.add('"requests":[');
	scanner.readArray(() => {
		out.add(first ? '\n' : ',\n');
		first = false;
		copyRequest(scanner, out);
	});
	out.add(']');
};

const copyLoad = (scanner: JsonScanner): string => {
	const members: string[] = [];
	scanner.readObject((key) => {
		members.push(
			key === 'mode' ? `"mode":"${scanner.readText()}"` : `"${key}":${scanner.readNumber()}`,
		);
	});
	return `"experiment":{${members.join(',')}}`;
};

/** perf_analyzer's order: the load, the requests, the windows. Others are dropped. */
const copyExperiment = (scanner: JsonScanner, out: TextFile): void => {
	let separator = '{';
	const next = (): string => {
		const now = separator;
		separator = ',';
		return now;
	};
	scanner.readObject((key) => {
		if (key === 'experiment') {
			out.add(next() + copyLoad(scanner));
		} else if (key === 'requests') {
			out.add(next());
			copyRequests(scanner, out);
		} else if (key === 'window_boundaries') {
			out.add(`${next()}"window_boundaries":${copyNumbers(scanner)}`);
		} else {
			scanner.skipValue();
		}
	});
	out.add(separator === '{' ? '{}' : '}');
};

const copyExport = (scanner: JsonScanner, out: TextFile): void => {
	let separator = '{';
	scanner.readObject((key) => {
		if (key === 'experiments') {
			out.add(`${separator}"experiments":[`);
			let first = true;
			scanner.readArray(() => {
				out.add(first ? '' : ',');
				first = false;
				copyExperiment(scanner, out);
			});
			out.add(']');
		} else {
			out.add(`${separator}"${key}":"${scanner.readText()}"`);
		}

		separator = ',';
	});
	out.add('}\n');
};

const writeSlim = (file: string, target: string): boolean => {
	const descriptor = openSync(file, 'r');
	try {
		using out = new TextFile(target);
		copyExport(new JsonScanner((into) => readSync(descriptor, into)), out);
		return true;
	} catch (error) {
		if (error instanceof JsonScanError) {
			return false;
		}

		throw error;
	} finally {
		closeSync(descriptor);
	}
};

/**
 * Replaces a large export by one with the times alone. One that is damaged stays as it is: it is read as far as it goes.
 * @returns whether tensors were dropped
 */
export const slimExport = (file: string, least = smallest): boolean => {
	const stat = statSync(file, {throwIfNoEntry: false});
	if (stat === undefined || stat.size < least) {
		return false;
	}

	const temporary = `${file}.${process.pid}.tmp`;
	try {
		if (!writeSlim(file, temporary)) {
			return false;
		}

		renameSync(temporary, file);
		return true;
	} finally {
		rmSync(temporary, {force: true});
	}
};
