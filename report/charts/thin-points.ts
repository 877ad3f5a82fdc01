/** Lines of thousands of points, as few as a picture can show: spikes stay. */

export interface Pixel {
	readonly x: number;
	readonly y: number;
}

/** Points of a stretch below which nothing is left out. */
const fewPoints = 400;

/** What lies on a level line between its neighbours adds nothing. */
const dropLevel = (points: readonly Pixel[]): readonly Pixel[] =>
	points.filter(({y}, index) => {
		const [before, after] = [points[index - 1], points[index + 1]];
		return before?.y !== y || after?.y !== y;
	});

/** Of each column of pixels the first, the lowest, the highest and the last point, in the order of the line. */
export const thinPoints = (points: readonly Pixel[]): readonly Pixel[] => {
	if (points.length <= fewPoints) {
		return points;
	}

	const kept: Pixel[] = [];
	let start = 0;
	while (start < points.length) {
		const column = Math.floor(points[start]?.x ?? 0);
		let end = start;
		let low = start;
		let high = start;
		while (end < points.length && Math.floor(points[end]?.x ?? 0) === column) {
			low = (points[end]?.y ?? 0) < (points[low]?.y ?? 0) ? end : low;
			high = (points[end]?.y ?? 0) > (points[high]?.y ?? 0) ? end : high;
			end += 1;
		}

		const places = new Set([start, low, high, end - 1]);
		kept.push(...[...places].toSorted((a, b) => a - b).flatMap((place) => points[place] ?? []));
		start = end;
	}

	return dropLevel(kept);
};
