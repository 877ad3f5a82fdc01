import {expect, it} from 'vitest';
import {nameGpu} from '../../../results/gpu-names.ts';

const gpus = ['GPU-a', 'GPU-b'].map((uuid, index) => ({index, uuid, name: 'H100', driver: '590'}));

it('names nvidia-smi’s number too where the run counts otherwise', () => {
	expect(nameGpu(0, 'GPU-a', gpus)).toBe('GPU 0');
	expect(nameGpu(0, 'GPU-b', gpus)).toBe("GPU 0 (nvidia-smi's 1)");
	expect(nameGpu(1, 'GPU-c', gpus)).toBe('GPU 1');
	expect(nameGpu(1, 'GPU-b')).toBe('GPU 1');
});
