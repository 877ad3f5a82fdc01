/** `benchmark report`: a run, a comparison or a study as one HTML file that needs no network. */

import {existsSync, statSync} from 'node:fs';
import path from 'node:path';
import type {Argv} from 'yargs';
import {ExitCode, UserError} from '../base/errors.ts';
import {writeWholeFile} from '../base/whole-file.ts';
import {isOwnPage, pageName} from '../schemas/page-file.ts';
import type {Command} from './command.ts';
import {optionParser, readOptions, textOption, valueOption, withLogLevel} from './options.ts';
import {linkFrom, readRunPage} from './page-run.ts';
import {findReportFolder, whatToGive, type ReportFolder} from './report-folder.ts';

const usage = `benchmark report [options] <folder>

One HTML file about a run, both sides of \`ab\`, or a study of \`benchmark triton\`: tables,
pictures, warnings, links. It needs no network and can be sent or archived; its links to files
lead on as long as it lies beside them.`;

const reportParser = (): Argv =>
	withLogLevel(
		optionParser(usage).option(
			'output',
			valueOption(`the file to write (${pageName} in the folder)`, {alias: ['o']}),
		),
	);

const chooseTarget = (wanted: string | undefined, folder: string, cwd: string): string => {
	const given = wanted === undefined ? folder : path.resolve(cwd, wanted);
	// statSync alone throws where a folder of the path is a file.
	const isFolder = existsSync(given) && statSync(given).isDirectory();
	const file = isFolder || wanted?.endsWith('/') === true ? path.join(given, pageName) : given;
	if (!/\.html?$/i.test(file)) {
		throw new UserError(`-o ${wanted ?? ''}: a page ends in .html`, {
			next: `Name a file such as -o ${path.basename(file)}.html, or a folder that is there.`,
		});
	}

	if (existsSync(file) && !isOwnPage(file)) {
		throw new UserError(`${file} is there, and benchmark did not write it`, {
			next: 'Name another file with -o, or move that one away.',
		});
	}

	return file;
};

const buildPage = async (
	{kind, folder}: ReportFolder,
	file: string,
	version: string,
): Promise<string> => {
	const title = path.basename(folder);
	switch (kind) {
		case 'run': {
			const {writeRunPage} = await import('../report/html/run-page.ts');
			const run = readRunPage(folder, linkFrom(file, folder));
			const program = path.basename(run.manifest?.program[0] ?? '');
			return writeRunPage(run, {title: program === '' ? title : `${program}: ${title}`, version});
		}

		case 'comparison': {
			const {buildComparisonPage} = await import('./page-comparison.ts');
			return buildComparisonPage(folder, file, {title, version});
		}

		case 'study': {
			const {buildStudyPage} = await import('./page-study.ts');
			return buildStudyPage(folder, file, {title, version});
		}
	}
};

export const reportCommand: Command = async (argv, terminal, {cwd, version}) => {
	const parsed = await readOptions(reportParser(), argv, terminal);
	if (parsed === null) {
		return {exitCode: ExitCode.done};
	}

	const [given, ...more] = parsed._.map(String);
	if (given === undefined || more.length > 0) {
		throw new UserError('benchmark report takes one folder', {
			next: whatToGive,
		});
	}

	const found = findReportFolder(path.resolve(cwd, given));
	const file = chooseTarget(textOption(parsed, 'output'), found.folder, cwd);
	const page = await buildPage(found, file, version);
	writeWholeFile(file, page, 'Make room on that disk or name another file with -o.');
	terminal.print(file);
	return {exitCode: ExitCode.done};
};
