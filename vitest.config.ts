import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		testTimeout: 60_000,
		hookTimeout: 60_000,
		// A second machine-wide nsys start waits for the first: files run side by side, but no more than the cores.
		maxWorkers: 2,
	},
});
