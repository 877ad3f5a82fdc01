/** FP16 (IEEE 754 binary16) and BF16 (the upper half of a float32). Rounded to nearest, ties to even. Node 20 has neither. */

const scratch = new DataView(new ArrayBuffer(4));

const floatBits = (value: number): number => {
	scratch.setFloat32(0, value);
	return scratch.getUint32(0);
};

const floatOf = (bits: number): number => {
	scratch.setUint32(0, bits >>> 0);
	return scratch.getFloat32(0);
};

/** To the nearest whole number, ties to even. */
const roundEven = (value: number): number => {
	const floor = Math.floor(value);
	const rest = value - floor;
	return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
};

/** Straight from the double: rounding to float32 in between would round twice. */
const bitsOfFloat16 = (value: number): number => {
	const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
	const size = Math.abs(value);
	if (Number.isNaN(value)) {
		return 0x7e00;
	}

	// 65520 lies half way between the largest value and the next that there would be.
	if (size >= 65_520) {
		return sign | 0x7c00;
	}

	if (size < 2 ** -14) {
		return sign | roundEven(size * 2 ** 24);
	}

	let exponent = Math.floor(Math.log2(size));
	// log2 can be off by one at powers of two.
	exponent += size >= 2 ** (exponent + 1) ? 1 : size < 2 ** exponent ? -1 : 0;
	// A mantissa that rounds up to the next power carries into the exponent, as it should.
	return sign | (((exponent + 15) << 10) + roundEven((size / 2 ** exponent - 1) * 1024));
};

const valueOfFloat16 = (bits: number): number => {
	const sign = (bits & 0x8000) === 0 ? 1 : -1;
	const exponent = (bits >> 10) & 0x1f;
	const fraction = bits & 0x3ff;
	if (exponent === 0x1f) {
		return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
	}

	return (
		sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
	);
};

const bitsOfBfloat16 = (value: number): number => {
	const bits = floatBits(value);
	if (Number.isNaN(value)) {
		return 0x7fc0;
	}

	return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
};

const valueOfBfloat16 = (bits: number): number => floatOf(bits << 16);

export interface HalfPrecision {
	readonly bits: (value: number) => number;
	readonly value: (bits: number) => number;
	readonly round: (value: number) => number;
}

const makeFormat = (bits: HalfPrecision['bits'], value: HalfPrecision['value']): HalfPrecision => ({
	bits,
	value,
	round: (number) => value(bits(number)),
});

export const toFloat16 = makeFormat(bitsOfFloat16, valueOfFloat16);
export const toBfloat16 = makeFormat(bitsOfBfloat16, valueOfBfloat16);
