/** Whole numbers as SQLite stores them. */

import {notAWholeNumber, numberTooLarge, refuse} from './owner';

/** 2^53 - 1: the largest whole number up to which a double holds all. */
export const mostInDouble: i64 = 0x1f_ffff_ffff_ffff;

/** Where the varint ends that was read last. */
export let behind: usize = 0;

/** From its second byte on. Those of nine bytes are refused: the negative ones, and some that no double holds. */
function readLong(from: usize): u64 {
	let at = from;
	let value: u64 = 0;
	for (let place = 1; place <= 8; place++) {
		const byte = <u64>load<u8>(at++);
		value = (value << 7) | (byte & 0x7f);
		if (byte < 0x80) {
			if (value > <u64>mostInDouble) {
				refuse(numberTooLarge);
			}

			behind = at;
			return value;
		}
	}

	refuse(numberTooLarge);
	return 0;
}

export function readVarint(at: usize): u64 {
	const byte = <u64>load<u8>(at);
	if (byte < 0x80) {
		behind = at + 1;
		return byte;
	}

	return readLong(at);
}

export function readWhole(type: u64, at: usize): i64 {
	switch (<u32>type) {
		case 1:
			return <i64>load<i8>(at);
		case 2:
			return <i64>bswap<i16>(load<i16>(at));
		case 3:
			return ((<i64>bswap<i16>(load<i16>(at))) << 8) | (<i64>load<u8>(at + 2));
		case 4:
			return <i64>bswap<i32>(load<i32>(at));
		case 5:
			return ((<i64>bswap<i16>(load<i16>(at))) << 32) | (<i64>bswap<u32>(load<u32>(at + 2)));
		case 6:
			return bswap<i64>(load<i64>(at));
		case 8:
			return 0;
		case 9:
			return 1;
		default:
			refuse(notAWholeNumber);
			return 0;
	}
}
