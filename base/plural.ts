import {formatDecimal} from './decimal-text.ts';

/** "1 process", "2 processes", "1,234 batches". */
export const plural = (count: number, one: string, many = `${one}s`): string =>
	`${formatDecimal(count)} ${count === 1 ? one : many}`;
