/** Writes schemas/json/ from the zod definitions; a test fails when they are stale. */

import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {formatNames, jsonSchemaText} from '../schemas/json-schemas.ts';

const folder = path.resolve(import.meta.dirname, '../schemas/json');
mkdirSync(folder, {recursive: true});
for (const name of formatNames) {
	writeFileSync(path.join(folder, `${name}.schema.json`), jsonSchemaText(name));
}

console.log(`${formatNames.length} schemas written to ${path.relative(process.cwd(), folder)}`);
