/** A vitest reporter that ends the run with one plain line that any CI can read, and names what was skipped and why. */

import type {Reporter, TestCase, TestModule} from 'vitest/node';

const reasonOf = (test: TestCase): string => {
	const result = test.result();
	return result.state === 'skipped' ? (result.note ?? '') : '';
};

export default class ClosingLine implements Reporter {
	onTestRunEnd(modules: readonly TestModule[]): void {
		const tests = modules.flatMap((module) => [...module.children.allTests()]);
		const count = (state: string): number =>
			tests.filter((test) => test.result().state === state).length;
		const broken = modules.filter((module) => module.errors().length > 0).length;
		const reasons = new Set(tests.map(reasonOf).filter((reason) => reason !== ''));
		for (const reason of reasons) {
			process.stdout.write(`skipped: ${reason}\n`);
		}

		process.stdout.write(
			`tests: ${count('passed')} passed, ${count('failed') + broken} failed, ${count('skipped')} skipped\n`,
		);
	}
}
