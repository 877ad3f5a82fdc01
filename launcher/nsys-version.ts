/** Versions of nsys, "2023.4.4.54-234433681190v0", as far as they can be compared: "2023.4.4.54". */

/**
 * The first version whose reports are called .nsys-rep and whose exports name the version of their schema. What came
 * before writes .qdrep; such reports can still be read, by any later nsys.
 */
export const minimumVersion = '2021.4';

/** null when the text names none. */
export const parseNsysVersion = (text: string): string | null =>
	/\b20\d\d(?:\.\d+)+/.exec(text)?.[0] ?? null;

/** Negative when a is older than b. */
export const compareVersions = (a: string, b: string): number => {
	const [left, right] = [a, b].map((version) => version.split('.').map(Number));
	const length = Math.max(left?.length ?? 0, right?.length ?? 0);
	for (let index = 0; index < length; index++) {
		const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
		if (difference !== 0) {
			return difference;
		}
	}

	return 0;
};
