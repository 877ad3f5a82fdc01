/** Gives the kernels of a built export names, as nsys does: ids of strings in columns of their own. */

import type {AlterExport} from './trace-builder.ts';

/** Column -> its value, by row: a text, which is registered, an id that stands for none, or NULL. */
export type KernelNaming = Readonly<Record<string, readonly (string | number | null)[]>>;

const firstId = 10_000;

export const nameKernels =
	(naming: KernelNaming): AlterExport =>
	(database) => {
		let nextId = firstId;
		const idOf = (text: string): number => {
			const id = nextId++;
			database.prepare('INSERT INTO StringIds (id, value) VALUES (?, ?)').run(id, text);
			return id;
		};
		database.exec('CREATE TABLE IF NOT EXISTS StringIds (id INTEGER PRIMARY KEY, value TEXT)');
		for (const [column, values] of Object.entries(naming)) {
			database.exec(`ALTER TABLE CUPTI_ACTIVITY_KIND_KERNEL ADD COLUMN ${column} INTEGER`);
			const update = database.prepare(
				`UPDATE CUPTI_ACTIVITY_KIND_KERNEL SET ${column} = ? WHERE rowid = ?`,
			);
			for (const [row, value] of values.entries()) {
				update.run(typeof value === 'string' ? idOf(value) : value, row + 1);
			}
		}
	};
