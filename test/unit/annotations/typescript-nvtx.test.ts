import {describe, expect, it} from 'vitest';
import {argbOf} from '../../../annotations/typescript/color.ts';
import {DomainEvents} from '../../../annotations/typescript/event-attributes.ts';
import type {NvtxTool} from '../../../annotations/typescript/nvtx-tool.ts';
import {runProgram} from '../../support/annotated-program.ts';

describe('colors', () => {
	it.each([
		['blue', 0xff_00_00_ff],
		['rebeccapurple', 0xff_66_33_99],
		['rapids', 0xff_74_00_ff],
		['#102030', 0xff_10_20_30],
		['#80A0b0C0', 0x80_a0_b0_c0],
		[0x12_34_56_78, 0x12_34_56_78],
		[0, 0],
	])('%s', (color, argb) => {
		expect(argbOf(color)).toBe(argb);
	});

	it.each(['', 'Blue', '#12345', '#1234567', 'constructor', -1, 1.5, 2 ** 32, Number.NaN])(
		'refuses %s',
		(color) => {
			expect(() => argbOf(color)).toThrow(expect.objectContaining({code: 'bad-color'}));
		},
	);
});

/** A tool that remembers; its memory lies at made-up addresses. */
class FakeTool {
	readonly registered: string[] = [];
	readonly categories: [number, string][] = [];
	private readonly blocks: {readonly address: number; readonly bytes: Buffer}[] = [];

	readonly tool: NvtxTool = {
		mark: () => undefined,
		rangeStart: () => 1,
		rangeEnd: () => undefined,
		rangePush: () => undefined,
		rangePop: () => undefined,
		findCategory: (...named) => this.categories.push(named),
		registerString: (_domain, text) => this.registered.push(text),
		findDomain: () => 77,
		allocate: (size) => {
			const block = {address: 0x10_00_00 * (this.blocks.length + 1), bytes: Buffer.alloc(size)};
			this.blocks.push(block);
			return block;
		},
	};

	read(address: number): Buffer {
		const block = this.blocks.find(
			({address: start, bytes}) => address >= start && address < start + bytes.length,
		);
		return block?.bytes.subarray(address - block.address) ?? Buffer.alloc(0);
	}

	text(address: number): string {
		const bytes = this.read(Number(this.read(address).readBigUInt64LE(40)));
		return bytes.toString('utf8', 0, bytes.indexOf(0));
	}
}

const style = {argb: 0xff_00_00_ff, category: 5};

describe('event attributes', () => {
	it('are 48 bytes of version 3', () => {
		const fake = new FakeTool();
		const event = fake.read(new DomainEvents(fake.tool, undefined).keep('stage', style));
		expect(event.subarray(0, 48).toString('hex')).toBe(
			[
				'0300' + '3000' + '05000000', // version, size, category
				'01000000' + 'ff0000ff', // ARGB
				'00000000' + '00000000' + '0000000000000000', // no payload
				'03000000' + '00000000' + '0100000000000000', // the registered string 1
			].join(''),
		);
	});

	it('are encoded and their text registered once', () => {
		const fake = new FakeTool();
		const events = new DomainEvents(fake.tool, 'domain');
		expect(events.handle).toBe(77);
		expect(events.keep('a', style)).toBe(events.keep('a', style));
		expect(events.keep('a', {...style, argb: 1})).not.toBe(events.keep('a', style));
		expect(events.keep('b', style)).not.toBe(events.keep('a', style));
		expect(fake.registered).toEqual(['a', 'a', 'b']);
	});

	it('are found by their message alone in the plain style', () => {
		const fake = new FakeTool();
		const events = new DomainEvents(fake.tool, undefined);
		const plain = {argb: argbOf('blue'), category: 0};
		expect(events.keepPlain('a')).toBe(events.keepPlain('a'));
		expect(events.keep('a', plain)).toBe(events.keepPlain('a'));
		expect(events.keep('b', plain)).not.toBe(events.keepPlain('a'));
		expect(fake.registered).toEqual(['a', 'b']);
	});

	it('pass by with their text where it will not come again', () => {
		const fake = new FakeTool();
		const events = new DomainEvents(fake.tool, undefined);
		expect(fake.text(events.pass('frame 17', style))).toBe('frame 17');
		expect(fake.text(events.pass('短い', style))).toBe('短い');
		const long = 'é'.repeat(5000);
		expect(fake.text(events.pass(long, style))).toBe(long);
		expect(fake.registered).toEqual([]);
	});

	it.each([
		[42, 2, '2a00000000000000'],
		[-1, 2, 'ffffffffffffffff'],
		[2n ** 63n, 2, '0000000000000080'],
		[0.5, 3, '000000000000e03f'],
	])('carry the payload %s', (payload, type, hex) => {
		const fake = new FakeTool();
		const events = new DomainEvents(fake.tool, undefined);
		const event = fake.read(events.pass('a', style, payload));
		expect(event.readInt32LE(16)).toBe(type);
		expect(event.subarray(24, 32).toString('hex')).toBe(hex);
		expect(fake.read(events.pass('a', style)).readInt32LE(16)).toBe(0);
	});

	it('are kept up to a bound, and still right beyond it', () => {
		const fake = new FakeTool();
		const events = new DomainEvents(fake.tool, undefined);
		for (let index = 0; index < 5000; index++) {
			events.keep(`name ${index}`, style);
		}

		expect(fake.registered).toHaveLength(4096);
		expect(fake.text(events.keep('name 4999', style))).toBe('name 4999');
		expect(fake.text(events.keepPlain('plain'))).toBe('plain');
		expect(fake.text(events.keepPlain('other'))).toBe('other');
		expect(fake.text(events.keepPlain('plain'))).toBe('plain');
	});

	it('hold their text where the tool registers none', () => {
		const fake = new FakeTool();
		const events = new DomainEvents({...fake.tool, registerString: () => 0}, undefined);
		expect(fake.text(events.keep('stage', style))).toBe('stage');
	});

	it('ask for each category once', () => {
		const fake = new FakeTool();
		const events = new DomainEvents(fake.tool, 'domain');
		expect(['io', 'gpu', 'io'].map((name) => events.categoryOf(name))).toEqual([1, 2, 1]);
		expect(fake.categories).toEqual([
			[77, 'io'],
			[77, 'gpu'],
		]);
	});
});

describe('a program', () => {
	it('loads nothing native while no tool is attached', async () => {
		const run = await runProgram('loaded-modules.ts');
		expect(run).toEqual({exitCode: 0, stdout: 'tracing: false, native: none\n', stderr: ''});
	});

	it('goes on, and says why, when the tool cannot be loaded', async () => {
		const run = await runProgram('loaded-modules.ts', {NVTX_INJECTION64_PATH: '/nowhere/tool.so'});
		expect(run.exitCode).toBe(0);
		expect(run.stdout).toBe('tracing: false, native: koffi\n');
		expect(run.stderr).toContain('[NSYS_BENCHMARK_NVTX] Warning: a profiler asks for NVTX');
		expect(run.stderr).toContain('/nowhere/tool.so');
	});

	it('goes on when what the environment names is no NVTX tool', async () => {
		const library = process.platform === 'linux' ? 'libm.so.6' : 'libm';
		const run = await runProgram('loaded-modules.ts', {NVTX_INJECTION64_PATH: library});
		expect(run.exitCode).toBe(0);
		expect(run.stderr).toContain('InitializeInjectionNvtx2');
	});
});
