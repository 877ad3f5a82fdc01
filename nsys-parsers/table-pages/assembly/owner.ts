/** What the owner of the memory is asked for: leaf-rows.ts above answers. */

/** The number of the text in memory. */
export declare function internText(at: usize, length: usize): f64;
/** What stands for a whole number that no double holds: its halves. */
export declare function standInFor(high: i32, low: u32): f64;
/** Puts a record that goes on in other pages together. @returns where it lies then */
export declare function assemble(at: usize, length: u32, local: u32): usize;
/** Throws: only SQLite should read this. */
export declare function refuse(why: i32): void;

/** Why a page is refused: places in the owner's list of reasons. */
export const notALeaf = 0;
export const cellTooLong = 1;
export const valuesTooLong = 2;
export const notAWholeNumber = 3;
export const notAText = 4;
export const numberTooLarge = 5;
