import {readdirSync, readFileSync} from 'node:fs';

const listed = '/proc/driver/nvidia/gpus';

/** The GPU's model, where the driver lists no other: it counts GPUs in another order than CUDA does. Else null. */
export const readDeviceName = (): string | null => {
	try {
		const models = readdirSync(listed).flatMap((gpu) => {
			const text = readFileSync(`${listed}/${gpu}/information`, 'utf8');
			return /^Model:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? [];
		});
		const [only, other] = [...new Set(models)];
		return other === undefined ? (only ?? null) : null;
	} catch {
		return null;
	}
};
