import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		reporters: ['default', './test/support/closing-line.ts'],
		testTimeout: 60_000,
		hookTimeout: 60_000,
		// One more than small machines have cores: the longest files wait for processes, most of the time.
		maxWorkers: 3,
	},
});
