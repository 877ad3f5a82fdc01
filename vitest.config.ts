import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		reporters: ['default', './test/support/closing-line.ts'],
		testTimeout: 60_000,
		hookTimeout: 60_000,
		// Files run side by side, but no more than small machines have cores: timings under load are part of some tests.
		maxWorkers: 2,
	},
});
