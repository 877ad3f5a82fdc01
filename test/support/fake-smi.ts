/** A nvidia-smi that answers as one was recorded (recorded-smi.ts), through fake-nvidia-smi.sh. */

import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {noDriver, type SmiRecording} from './recorded-smi.ts';

const formatHelp = ({values, synonyms = []}: SmiRecording): string =>
	Object.keys(values)
		.filter((field) => !synonyms.some(([, older]) => older === field))
		.map((field) => {
			const older = synonyms.find(([newer]) => newer === field)?.[1];
			return `"${field}"${older === undefined ? '' : ` or "${older}"`}\nWhat it is, in "words".\n`;
		})
		.join('\n');

/** A folder with a nvidia-smi in it that answers as recorded. */
export class FakeSmi {
	readonly command: string;
	readonly #folder: string;

	/** @param folder a new one is made there. @param recording null: there is no driver */
	constructor(folder: string, recording: SmiRecording | null) {
		this.#folder = path.join(folder, 'smi');
		this.command = path.join(folder, 'nvidia-smi');
		mkdirSync(this.#folder);
		const script = path.resolve(import.meta.dirname, 'fake-nvidia-smi.sh');
		writeFileSync(this.command, `#!/bin/sh\nFAKE_SMI='${this.#folder}' exec '${script}' "$@"\n`, {
			mode: 0o755,
		});
		if (recording === null) {
			this.write('down', noDriver);
			return;
		}

		this.write(
			'values',
			Object.entries(recording.values)
				.map(([field, values]) => `${[field, ...values].join('\t')}\n`)
				.join(''),
		);
		this.write('help', formatHelp(recording));
		this.write('list', recording.list);
		this.write('table', recording.table);
		this.write('topo', recording.topology);
	}

	/** @param name see fake-nvidia-smi.sh */
	write(name: string, text: string): void {
		writeFileSync(path.join(this.#folder, name), text);
	}

	/** What the nth -lms does. */
	loop(turn: number, ...lines: readonly string[]): void {
		this.write(`loop.${turn}`, lines.map((line) => `${line}\n`).join(''));
	}

	/** It tells of the present from now on, and as often as it is asked to go on telling. */
	goLive(turns = 30): void {
		this.write('live', '');
		for (let turn = 1; turn <= turns; turn++) {
			this.loop(turn, 'live');
		}
	}

	/** Holds the files that fake-nvidia-smi.sh tells of. */
	get folder(): string {
		return this.#folder;
	}

	get askedFile(): string {
		return path.join(this.#folder, 'asked');
	}
}
