/** Anything thrown, as the terminal and --json tell it, and the exit code that it means. */

import {ExitCode, messageOf, ToolError, UserError} from '../base/errors.ts';
import type {Failure} from '../schemas/command-report.ts';
import type {Decorate} from './terminal.ts';

export interface EndedBy {
	readonly exitCode: number;
	readonly failure: Failure;
}

const describeTool = ({message, failure}: ToolError): Failure => ({
	kind: 'tool',
	message: failure.ending === undefined ? message : `${message} (${failure.ending})`,
	next: [failure.next, failure.log === undefined ? undefined : `All of its words: ${failure.log}`]
		.filter((part) => part !== undefined)
		.join(' '),
	tail: failure.tail ?? '',
});

const describeBug = (thrown: unknown): Failure => ({
	kind: 'bug',
	message: `a bug in benchmark: ${messageOf(thrown)}`,
	next: 'Please report it with the lines below and the command that you ran.',
	tail: thrown instanceof Error ? (thrown.stack ?? '') : '',
});

export const describeFailure = (thrown: unknown): EndedBy => {
	if (thrown instanceof UserError) {
		const failure = {message: thrown.message, next: thrown.next ?? '', tail: ''};
		return {exitCode: ExitCode.usage, failure: {kind: 'user', ...failure}};
	}

	return thrown instanceof ToolError
		? {exitCode: ExitCode.toolFailed, failure: describeTool(thrown)}
		: {exitCode: ExitCode.bug, failure: describeBug(thrown)};
};

const indent = (text: string): string => text.replaceAll(/^/gm, '    ');

/** What happened, the tool's own words, what to do next. */
export const formatFailure = ({message, next, tail}: Failure, decorate: Decorate): string =>
	[
		`${decorate('red', 'error:')} ${message}`,
		...(tail.trim() === '' ? [] : [indent(tail.trimEnd())]),
		...(next === '' ? [] : [next]),
	].join('\n');
