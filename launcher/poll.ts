import {setTimeout as sleep} from 'node:timers/promises';

/** Looks again and again until there is something to see. */
export const pollUntil = async <Value>(
	look: () => Value | undefined,
	everyMs: number,
): Promise<Value> => {
	for (;;) {
		const seen = look();
		if (seen !== undefined) {
			return seen;
		}

		await sleep(everyMs);
	}
};
