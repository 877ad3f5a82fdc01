/** A server that says it is ready, for sweeps whose perf_analyzer is the fake one. */

import {createServer} from 'node:http';
import {onTestFinished} from 'vitest';

/** @returns host:port */
export const startKserveStub = async (model: string): Promise<string> => {
	const server = createServer((request, response) => {
		const known = ['/v2/health/live', '/v2/health/ready', `/v2/models/${model}/ready`];
		response.statusCode = known.includes(request.url ?? '') ? 200 : 404;
		response.end();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.close();
	});
	const address = server.address();
	return typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '';
};
