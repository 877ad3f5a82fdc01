// Puts the .sql files where the compiled modules look for them: beside their twin.
import {cpSync, readdirSync} from 'node:fs';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
for (const folder of ['nsys-parsers']) {
	for (const file of readdirSync(path.join(root, folder), {recursive: true, encoding: 'utf8'})) {
		if (file.endsWith('.sql')) {
			cpSync(path.join(root, folder, file), path.join(root, 'dist', folder, file));
		}
	}
}
