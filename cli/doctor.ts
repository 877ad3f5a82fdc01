/** `benchmark doctor`: what is installed, what is missing, and what to do about it. */

import {existsSync} from 'node:fs';
import {ExitCode, messageOf} from '../base/errors.ts';
import {checkNodeNvtx} from '../launcher/check-node-nvtx.ts';
import {checkNsys} from '../launcher/check-nsys.ts';
import {checkPython} from '../launcher/check-python.ts';
import {findCpuBinder} from '../launcher/cpu-binder.ts';
import {readCpuTopology} from '../launcher/cpu-topology.ts';
import {findNsys} from '../launcher/find-nsys.ts';
import {fingerprintGpus} from '../launcher/fingerprint-gpus.ts';
import {listGpus} from '../launcher/list-gpus.ts';
import {compareVersions} from '../launcher/nsys-version.ts';
import {describePlanHost} from '../launcher/plan-host.ts';
import type {Command} from './command.ts';
import {describeCandidate, type Finding, type Health} from './doctor-finding.ts';
import {describeLeftClocks, parseEnded, restoreLeftClocks} from './doctor-restore.ts';
import {examineAnalyzers, examineServer} from './doctor-triton.ts';
import {describeGpuSettings, describeNaming} from './gpu-lines.ts';
import {flagOption, optionParser, readOptions, textOption} from './options.ts';
import type {Terminal} from './terminal.ts';

const usage = `benchmark doctor [--nsys PATH] [--python PATH]
benchmark doctor --restore

Tells what the main job needs and whether it is here: nsys is tried, from profile to export.`;

const oldestNode = '20.11.0';

const examineNode = (): Finding => {
	const {node} = process.versions;
	const good = compareVersions(node, oldestNode) >= 0;
	return {
		subject: 'node',
		health: good ? 'good' : 'bad',
		detail: node,
		next: good ? '' : `Install Node ${oldestNode} or newer.`,
	};
};

const examineNsys = async (
	explicit: string | null,
	env: NodeJS.ProcessEnv,
): Promise<readonly Finding[]> => {
	const {chosen, candidates} = await findNsys({explicit, env});
	const others = candidates
		.filter(({path}) => path !== chosen?.path)
		.map((candidate): Finding => ({
			subject: 'nsys',
			health: 'weak',
			detail: describeCandidate(candidate),
			next: '',
		}));
	if (chosen === null) {
		const next = 'Run `npm run nsys`. Until then only CPU times of annotated programs can be had.';
		return [{subject: 'nsys', health: 'weak', detail: 'none that works', next}, ...others];
	}

	const check = await checkNsys(chosen.path, env);
	const detail = `${chosen.version}  ${chosen.path}`;
	return [
		check.works
			? {
					subject: 'nsys',
					health: 'good',
					detail: `${detail}  (profile and export work, ${check.seconds.toFixed(1)} s)`,
					next: '',
				}
			: {
					subject: 'nsys',
					health: 'bad',
					detail: [`${detail}  (${check.step} fails: ${check.message})`, check.tail]
						.join('\n')
						.trim(),
					next: check.next,
				},
		...others,
	];
};

const examineGpus = async (env: NodeJS.ProcessEnv): Promise<readonly Finding[]> => {
	const [gpus, known] = await Promise.all([listGpus(), fingerprintGpus()]);
	const settingsOf = (index: number): readonly string[] =>
		known.gpus.filter((facts) => facts.index === index).flatMap(describeGpuSettings);
	return gpus.length === 0
		? [
				{
					subject: 'GPU',
					health: 'weak',
					detail: 'none that nvidia-smi can see',
					next: 'CPU times only. Where there should be one: check the driver with nvidia-smi.',
				},
			]
		: gpus.map(({index, name, driver, uuid, migInstances}, at) => ({
				subject: 'GPU',
				health: migInstances?.length === 0 ? 'weak' : 'good',
				detail: [
					`${index}  ${name}  driver ${driver}  ${uuid}`,
					...settingsOf(index),
					...(migInstances?.length === 0 ? ['no MIG instance: CUDA cannot use it'] : []),
				].join('\n'),
				next: at === gpus.length - 1 ? describeNaming(describePlanHost({gpus}, env)) : '',
			}));
};

const examineLeftClocks = (env: NodeJS.ProcessEnv): readonly Finding[] =>
	describeLeftClocks(env).map((detail) => ({
		subject: 'GPU clocks',
		health: 'weak',
		detail,
		next: 'Restore it: benchmark doctor --restore, as the user who ran it or as root.',
	}));

const examinePython = async (
	python: string | null,
	env: NodeJS.ProcessEnv,
): Promise<readonly Finding[]> => {
	const subject = 'Python';
	try {
		const check = await checkPython(python, env);
		if (!check.works) {
			return [{subject, health: 'weak', detail: check.message, next: 'Name another: --python.'}];
		}

		const nvtx =
			check.nvtx === null
				? 'NVTX by perf_utils itself; `pip install nvtx` makes ranges cheaper'
				: `NVTX by the nvtx package ${check.nvtx}`;
		return [
			{subject, health: 'good', detail: `${check.version}  ${check.path}  (${nvtx})`, next: ''},
		];
	} catch (error) {
		const next = 'Only .py programs need one.';
		return [{subject, health: 'weak', detail: messageOf(error), next}];
	}
};

const examineBinding = async (env: NodeJS.ProcessEnv): Promise<Finding> => {
	const {taskset, numactl} = await findCpuBinder(readCpuTopology(), env);
	const found = [taskset, numactl].filter((tool) => tool !== null);
	return {
		subject: 'CPU binding',
		health: found.length > 0 ? 'good' : 'weak',
		detail:
			found.length > 0 ? `--cpu-affinity by ${found.join(' and ')}` : 'no taskset, no numactl',
		next: found.length > 0 ? '' : 'Only --cpu-affinity needs one: taskset is part of util-linux.',
	};
};

const examineNodeNvtx = async (): Promise<Finding> => {
	const failure = await checkNodeNvtx();
	return {
		subject: 'NVTX in Node',
		health: failure === null ? 'good' : 'weak',
		detail: failure ?? 'through koffi; needs no NVTX library',
		next: failure === null ? '' : 'Run `npm ci` again. Node programs emit no ranges without it.',
	};
};

const examineSharedMemory = (): Finding => ({
	subject: '/dev/shm',
	health: existsSync('/dev/shm') ? 'good' : 'bad',
	detail: existsSync('/dev/shm') ? 'there' : 'missing',
	next: existsSync('/dev/shm') ? '' : 'nsys needs it; in a container, mount it.',
});

const marks: Readonly<Record<Health, (terminal: Terminal) => string>> = {
	good: ({decorateOut}) => decorateOut('green', 'ok     '),
	weak: ({decorateOut}) => decorateOut('yellow', 'note   '),
	bad: ({decorateOut}) => decorateOut('red', 'MISSING'),
};

const print = ({subject, health, detail, next}: Finding, terminal: Terminal): void => {
	const indent = ' '.repeat(24);
	terminal.print(
		`${marks[health](terminal)}  ${subject.padEnd(13)}  ${detail.replaceAll('\n', `\n${indent}`)}`,
	);
	if (next !== '') {
		terminal.print(`${indent}${next}`);
	}
};

export const doctorCommand: Command = async (argv, terminal, {env}) => {
	const parser = optionParser(usage)
		.option('nsys', {type: 'string', requiresArg: true, describe: 'the nsys to try'})
		.option('python', {type: 'string', requiresArg: true, describe: 'the Python to try'})
		.option('restore', {type: 'boolean', describe: 'restore GPU settings that a run left changed'})
		.option('ended', {type: 'string', requiresArg: true, hidden: true});
	const parsed = await readOptions(parser, argv, terminal);
	if (parsed === null) {
		return {exitCode: ExitCode.done};
	}

	if (flagOption(parsed, 'restore')) {
		const exitCode = await restoreLeftClocks(
			parseEnded(textOption(parsed, 'ended')),
			terminal,
			env,
		);
		return {exitCode};
	}

	const findings = [
		examineNode(),
		...(await examineNsys(textOption(parsed, 'nsys') ?? null, env)),
		...(await examineGpus(env)),
		...examineLeftClocks(env),
		await examineBinding(env),
		...(await examinePython(textOption(parsed, 'python') ?? null, env)),
		await examineNodeNvtx(),
		...(await examineAnalyzers(env)),
		examineServer(env),
		examineSharedMemory(),
	];
	for (const finding of findings) {
		print(finding, terminal);
	}

	const broken = findings.some(({health}) => health === 'bad');
	return {exitCode: broken ? ExitCode.toolFailed : ExitCode.done};
};
