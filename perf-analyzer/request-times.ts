/** Requests of an export as columns: ns after the first timestamp of the experiment, exact up to 104 days. */

const smallest = 1024;

/** Grows as it is filled. */
export class TimeColumn {
	private values = new Float64Array(smallest);
	length = 0;

	push(value: number): void {
		if (this.length === this.values.length) {
			const larger = new Float64Array(this.length * 2);
			larger.set(this.values);
			this.values = larger;
		}

		this.values[this.length++] = value;
	}

	/** What was pushed; a view, until the next push. */
	get filled(): Float64Array {
		return this.values.subarray(0, this.length);
	}
}

export interface RequestTimes {
	/** Sent. */
	readonly starts: Float64Array;
	/** Last answer with content. */
	readonly ends: Float64Array;
	/** Answers with content, over all requests: decoupled models send several. */
	readonly responses: number;
}
