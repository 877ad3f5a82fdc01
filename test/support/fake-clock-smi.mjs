// Stands for nvidia-smi where GPU settings are changed: it has GPUs in a file, and answers in the words of drivers 470 to
// 610 as others have recorded them (clock-smi.ts names the sources). $FAKE_CLOCK_SMI is a folder:
//
//   state.json   the GPUs as they are: see ClockGpu in clock-smi.ts
//   begun        the same as sent, but when it is heard, before the GPU's delay
//   sent         grows by a line per command that changes something, when it takes effect: "<index> <what was said>"
import {appendFileSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

const folder = process.env.FAKE_CLOCK_SMI;
const file = path.join(folder, 'state.json');
const readState = () => JSON.parse(readFileSync(file, 'utf8'));
const writeState = (state) => {
	writeFileSync(`${file}.${process.pid}`, JSON.stringify(state, null, '\t'));
	renameSync(`${file}.${process.pid}`, file);
};

const words = process.argv.slice(2);
const after = (flag) => words[words.indexOf(flag) + 1];
const chosen = words.includes('-i') ? after('-i') : null;
const isChosen = ({values}) => chosen === null || [values.uuid, values.index].includes(chosen);
const say = (...lines) => process.stdout.write(`${lines.join('\n')}\n`);

/** -lgc and its kind, by the setting's name in the state. */
const flags = {
	'-pm': 'persistence',
	'-pl': 'power',
	'-lgc': 'graphics',
	'-rgc': 'graphics',
	'-lmc': 'memory',
	'-rmc': 'memory',
	'-ac': 'applications',
};

const denied = (setting, bus) =>
	({
		persistence: `Unable to set persistence mode for GPU ${bus}: Insufficient Permissions`,
		power: `Failed to set power management limit for GPU ${bus}: Insufficient Permissions`,
	})[setting] ?? `The current user does not have permission to change clocks for GPU ${bus}.`;

const unsupported = (setting, bus) =>
	({
		power: `Changing power management limit is not supported for GPU: ${bus}.`,
		graphics: `Setting locked GPU clocks is not supported for GPU ${bus}.`,
		memory: `Setting locked Memory clocks is not supported for GPU ${bus}.`,
		applications: `Setting applications clocks is not supported for GPU ${bus}.`,
	})[setting] ?? `Setting ${setting} is not supported for GPU ${bus}.`;

/** What the driver does; the answer. */
const effects = {
	'-pm': (gpu, value, bus) => {
		const mode = value === '1' ? 'Enabled' : 'Disabled';
		const already = gpu.values.persistence_mode === mode;
		gpu.values.persistence_mode = mode;
		return already
			? `Persistence mode is already ${mode} for GPU ${bus}.`
			: `${mode} persistence mode for GPU ${bus}.`;
	},
	'-pl': (gpu, value, bus) => {
		const before = gpu.values['power.limit'];
		gpu.values['power.limit'] = Number(value).toFixed(2);
		return `Power limit for GPU ${bus} was set to ${Number(value).toFixed(2)} W from ${before} W.`;
	},
	'-lgc': (gpu, value, bus) => {
		const [least, most] = value.split(',');
		gpu.locked.graphics = value;
		gpu.settles = gpu.slowness ?? 0;
		return `GPU clocks set to "(gpuClkMin ${least}, gpuClkMax ${most})" for GPU ${bus}`;
	},
	'-lmc': (gpu, value, bus) => {
		const [least, most] = value.split(',');
		gpu.locked.memory = value;
		return `Memory clocks set to "(memClkMin ${least}, memClkMax ${most})" for GPU ${bus}`;
	},
	'-rgc': (gpu) => {
		gpu.locked.graphics = null;
		return 'All done.';
	},
	'-rmc': (gpu) => {
		gpu.locked.memory = null;
		return 'All done.';
	},
	'-ac': (gpu, value, bus) => {
		const [memory, graphics] = value.split(',');
		gpu.values['clocks.applications.memory'] = memory;
		gpu.values['clocks.applications.graphics'] = graphics;
		return `Applications clocks set to "(MEM ${memory}, SM ${graphics})" for GPU ${bus}`;
	},
	'--auto-boost-default': (gpu, value) => {
		gpu.autoBoost = value === '1' ? 'On' : 'Off';
		return 'All done.';
	},
};

const note = (name, {values}) =>
	appendFileSync(path.join(folder, name), `${values.index} ${words.slice(2).join(' ')}\n`);

const change = async (flag, value) => {
	const setting = flags[flag] ?? 'boost';
	const state = readState();
	const gpu = state.gpus.find(isChosen);
	if (gpu === undefined) {
		say('No devices were found');
		process.exit(6);
	}

	const bus = gpu.values['pci.bus_id'];
	note('begun', gpu);
	await sleep(gpu.delayMs ?? 0);
	if ((gpu.broken ?? []).includes(flag)) {
		say(`Unable to talk to GPU ${bus}: Unknown Error`, 'Terminating early due to previous errors.');
		process.exit(255);
	}

	if (!(gpu.supports ?? Object.values(flags)).includes(setting)) {
		say(unsupported(setting, bus), 'Treating as warning and moving on.', 'All done.');
		process.exit(0);
	}

	if ((gpu.denies ?? []).includes(setting)) {
		say(denied(setting, bus), 'Terminating early due to previous errors.');
		process.exit(4);
	}

	// Read again: another one may have changed something while we slept.
	const now = readState();
	const answer = effects[flag](now.gpus.find(isChosen), value, bus);
	writeState(now);
	note('sent', gpu);
	say(answer, ...(answer === 'All done.' ? [] : ['All done.']));
};

const clockOf = (gpu) =>
	gpu.locked.graphics === null || gpu.settles > 0
		? gpu.values['clocks.current.graphics']
		: gpu.locked.graphics.split(',')[0];

const query = (fields) => {
	const state = readState();
	const unknown = fields.find((field) => !state.gpus.every(({values}) => field in values));
	if (unknown !== undefined) {
		say(`Field "${unknown}" is not a valid field to query.`);
		process.exit(2);
	}

	for (const gpu of state.gpus.filter(isChosen)) {
		const told = {...gpu.values, 'clocks.current.graphics': clockOf(gpu)};
		say(fields.map((field) => told[field]).join(', '));
	}

	if (fields.includes('clocks.current.graphics') && state.gpus.some(({settles}) => settles > 0)) {
		const settled = state.gpus.map((gpu) => ({
			...gpu,
			settles: Math.max(0, (gpu.settles ?? 0) - 1),
		}));
		writeState({...state, gpus: settled});
	}
};

const asked = words.find((word) => word.startsWith('--query-gpu='));
const boost = words.find((word) => word.startsWith('--auto-boost-default='));
const flag = words.find((word) => word in flags);
if (boost !== undefined) {
	await change('--auto-boost-default', boost.split('=')[1]);
} else if (flag !== undefined) {
	await change(flag, after(flag));
} else if (asked !== undefined) {
	const fields = asked.split('=')[1].split(',');
	query(fields);
	for (; words.includes('-lms'); query(fields)) {
		await sleep(Number(after('-lms')));
	}
} else if (words.includes('--help-query-gpu')) {
	say(...Object.keys(readState().gpus[0].values).map((field) => `"${field}"\nWords.\n`));
} else if (words.includes('-q')) {
	const {gpus} = readState();
	say(
		...gpus
			.filter(isChosen)
			.map(({autoBoost}) => `        Auto Boost Default                : ${autoBoost}`),
	);
}
