// A pipeline with real work on the CPU: each batch of made-up images is generated, decompressed, resized, normalized,
// classified by histogram and compressed. The last batch is smaller, and one is broken on purpose: its time is that of a
// failure, and does not count.
import {promisify} from 'node:util';
import {deflateRaw, inflateRaw} from 'node:zlib';
import {
	BenchmarkPerf,
	getDefaultArgParser,
	parseValidateDefaultArgs,
} from 'nsys-benchmark/annotations';

const compress = promisify(deflateRaw);
const decompress = promisify(inflateRaw);

interface Image {
	readonly width: number;
	readonly height: number;
	/** Gray levels, row by row. */
	readonly pixels: Uint8Array;
}

const sourceSize = 512;

const parser = getDefaultArgParser('A pipeline of image stages on the CPU', {batchSize: 8})
	.add('num_images', {short: 'n', type: 'integer', default: 60, help: 'images in all'})
	.add('broken_batch', {
		type: 'integer',
		default: -1,
		help: 'index of a batch whose input cannot be decompressed; -1: none',
	});
const args = parseValidateDefaultArgs(parser);
const {batchSize = 8, targetImgWidth: width = 224, targetImgHeight: height = 224} = args;
const imageCount = Number(args['numImages']);
const brokenBatch = Number(args['brokenBatch']);

const drawImage = (seed: number): Uint8Array => {
	const pixels = new Uint8Array(sourceSize * sourceSize);
	for (let at = 0; at < pixels.length; at++) {
		const x = at % sourceSize;
		const y = Math.floor(at / sourceSize);
		pixels[at] = (x * (seed + 3) + y * y + ((x * y) >> 4)) & 0xff;
	}

	return pixels;
};

/** Each pixel is the mean of the source's pixels that it covers. */
const resize = ({width: fromWidth, height: fromHeight, pixels}: Image): Image => {
	const resized = new Uint8Array(width * height);
	for (let y = 0; y < height; y++) {
		const top = Math.floor((y * fromHeight) / height);
		const bottom = Math.max(top + 1, Math.floor(((y + 1) * fromHeight) / height));
		for (let x = 0; x < width; x++) {
			const left = Math.floor((x * fromWidth) / width);
			const right = Math.max(left + 1, Math.floor(((x + 1) * fromWidth) / width));
			let sum = 0;
			for (let row = top; row < bottom; row++) {
				for (let column = left; column < right; column++) {
					sum += pixels[row * fromWidth + column] ?? 0;
				}
			}

			resized[y * width + x] = sum / ((bottom - top) * (right - left));
		}
	}

	return {width, height, pixels: resized};
};

/** Mean 0, standard deviation 1. */
const normalize = ({pixels}: Image): Float32Array => {
	const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
	const variance = pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels.length;
	const scale = 1 / Math.sqrt(variance + 1e-6);
	return Float32Array.from(pixels, (value) => (value - mean) * scale);
};

/** Which of ten bins of brightness holds most pixels. */
const classify = (tensor: Float32Array): number => {
	const bins = new Uint32Array(10);
	for (const value of tensor) {
		const bin = Math.min(9, Math.max(0, Math.floor((value + 2.5) * 2)));
		bins[bin] = (bins[bin] ?? 0) + 1;
	}

	return bins.indexOf(Math.max(...bins));
};

const perf = new BenchmarkPerf('image_pipeline', args);
const found = new Map<number, number>();

/** The stages of one batch. */
const processBatch = async (inputs: readonly Uint8Array[]): Promise<void> => {
	const images = await perf.range('decode', {color: 'orange', category: 'io'}, async () =>
		Promise.all(
			inputs.map(async (input): Promise<Image> => {
				const pixels = await decompress(input);
				return {width: sourceSize, height: sourceSize, pixels};
			}),
		),
	);
	const tensors = perf.range('preprocess', {color: 'green'}, () => {
		const resized = perf.range('resize', () => images.map(resize));
		return perf.range('normalize', () => resized.map(normalize));
	});
	const classes = perf.range('classify', {color: 'purple'}, () => tensors.map(classify));
	await perf.range('encode', {color: 'orange', category: 'io'}, async () =>
		Promise.all(tensors.map(async (tensor) => compress(new Uint8Array(tensor.buffer)))),
	);
	for (const one of classes) {
		found.set(one, (found.get(one) ?? 0) + 1);
	}
};

/** A few compressed images, which the batches share. */
const makeSources = (): Promise<Buffer[]> =>
	Promise.all(
		Array.from({length: Math.min(imageCount, 16)}, async (_, seed) => compress(drawImage(seed))),
	);

const runPipeline = async (): Promise<void> => {
	const sources = await makeSources();
	await perf.range('pipeline', async () => {
		const batches = Math.ceil(imageCount / batchSize);
		for (let index = 0; index < batches; index++) {
			try {
				await perf.batch(index, async (batch) => {
					const count = Math.min(batchSize, imageCount - index * batchSize);
					const inputs = perf.range('read', {category: 'io'}, () =>
						Array.from({length: count}, (_, image) =>
							index === brokenBatch
								? Buffer.from('no compressed image')
								: (sources[(index + image) % sources.length] ?? Buffer.alloc(0)),
						),
					);
					await processBatch(inputs);
					batch.items = count;
				});
			} catch (error) {
				console.error(`batch ${index} is left out: ${String(error)}`);
			}
		}
	});

	perf.finalize();
};

void runPipeline().then(() => {
	console.log(
		[...found]
			.sort(([a], [b]) => a - b)
			.map(([one, images]) => `class ${one}: ${images}`)
			.join('\n'),
	);
});
