/**
 * Event attributes in native memory. A range that is pushed again and again is encoded once and its text registered
 * with the tool, which then copies no text per event; what differs every time goes through one block that is rewritten
 * for each call, since a tool reads it before the call returns.
 */

import {argbOf} from './color.ts';
import {colorType, eventLayout, messageType, nvtxVersion, payloadType} from './nvtx-protocol.ts';
import type {NativeBlock, NvtxTool} from './nvtx-tool.ts';

/** What an event looks like on the timeline. */
export interface EventStyle {
	/** ARGB. */
	readonly argb: number;
	/** 0 is none. */
	readonly category: number;
}

/** Kept events per domain. A program that makes up ever new names must not grow without end, nor the tool with it. */
const maximumKept = 4096;
const eventsPerBlock = 64;

const layout = eventLayout;

export const plainStyle: EventStyle = {argb: argbOf('blue'), category: 0};

const writeEvent = (bytes: Buffer, at: number, style: EventStyle): void => {
	bytes.writeUInt16LE(nvtxVersion, at + layout.version);
	bytes.writeUInt16LE(layout.bytes, at + layout.size);
	bytes.writeUInt32LE(style.category, at + layout.category);
	bytes.writeInt32LE(colorType.argb, at + layout.colorType);
	bytes.writeUInt32LE(style.argb, at + layout.color);
	bytes.writeInt32LE(payloadType.none, at + layout.payloadType);
};

const writeMessage = (bytes: Buffer, at: number, type: number, value: number): void => {
	bytes.writeInt32LE(type, at + layout.messageType);
	bytes.writeBigUInt64LE(BigInt(value), at + layout.message);
};

const writePayload = (bytes: Buffer, at: number, payload: number | bigint): void => {
	const whole = typeof payload === 'bigint' || Number.isSafeInteger(payload);
	bytes.writeInt32LE(whole ? payloadType.int64 : payloadType.double, at + layout.payloadType);
	if (whole) {
		bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(payload)), at + layout.payload);
	} else {
		bytes.writeDoubleLE(payload, at + layout.payload);
	}
};

/** The events of one domain. */
export class DomainEvents {
	/** The tool's handle of the domain; 0 for the default one. */
	readonly handle: number;
	private readonly tool: NvtxTool;
	private readonly kept = new Map<string, number>();
	/** Of the kept ones, those in the plain style, by message alone: the usual case is the fast one. */
	private readonly plain = new Map<string, number>();
	private readonly categories = new Map<string, number>();
	private block: NativeBlock | undefined;
	private blockUsed = eventsPerBlock;
	private passing: NativeBlock;

	constructor(tool: NvtxTool, name: string | undefined) {
		this.tool = tool;
		this.handle = name === undefined ? 0 : tool.findDomain(name);
		this.passing = tool.allocate(layout.bytes + 512);
	}

	/** The id of a category's name in this domain. */
	categoryOf(name: string): number {
		let id = this.categories.get(name);
		if (id === undefined) {
			id = this.tool.findCategory(this.handle, name);
			this.categories.set(name, id);
		}

		return id;
	}

	/** The address of an event that will come again. */
	keep(message: string, style: EventStyle): number {
		const key = `${style.argb} ${style.category} ${message}`;
		return (
			this.kept.get(key) ??
			(this.kept.size < maximumKept ? this.add(key, message, style) : this.pass(message, style))
		);
	}

	/** As keep(), in blue and without a category. */
	keepPlain(message: string): number {
		const known = this.plain.get(message);
		if (known !== undefined) {
			return known;
		}

		const before = this.kept.size;
		const address = this.keep(message, plainStyle);
		if (this.kept.size > before) {
			this.plain.set(message, address);
		}

		return address;
	}

	/** The address of an event that is good until the next call. */
	pass(message: string, style: EventStyle, payload?: number | bigint): number {
		const needed = layout.bytes + Buffer.byteLength(message) + 1;
		if (needed > this.passing.bytes.length) {
			// The smaller block is lost: at most as much again as the largest message.
			this.passing = this.tool.allocate(needed * 2);
		}

		const {bytes, address} = this.passing;
		writeEvent(bytes, 0, style);
		writeMessage(bytes, 0, messageType.text, address + layout.bytes);
		bytes[layout.bytes + bytes.write(message, layout.bytes)] = 0;
		if (payload !== undefined) {
			writePayload(bytes, 0, payload);
		}

		return address;
	}

	private add(key: string, message: string, style: EventStyle): number {
		if (this.block === undefined || this.blockUsed === eventsPerBlock) {
			this.block = this.tool.allocate(layout.bytes * eventsPerBlock);
			this.blockUsed = 0;
		}

		const text = this.tool.registerString(this.handle, message);
		if (text === 0) {
			return this.pass(message, style);
		}

		const at = layout.bytes * this.blockUsed++;
		writeEvent(this.block.bytes, at, style);
		writeMessage(this.block.bytes, at, messageType.registered, text);
		this.kept.set(key, this.block.address + at);
		return this.block.address + at;
	}
}
