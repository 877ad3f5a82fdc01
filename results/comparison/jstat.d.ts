/** The functions of jstat that are used here: the package comes without types. */
declare module 'jstat' {
	const jstat: {
		readonly studentt: {
			/** P(T <= x). NaN at an infinite x. */
			cdf(x: number, degreesOfFreedom: number): number;
			/** The x with P(T <= x) = p. */
			inv(p: number, degreesOfFreedom: number): number;
		};
		readonly normal: {
			cdf(x: number, mean: number, deviation: number): number;
			inv(p: number, mean: number, deviation: number): number;
		};
	};
	export default jstat;
}
