/** What `benchmark triton` needs, for `benchmark doctor`. Nothing else does. */

import {messageOf} from '../base/errors.ts';
import {findTritonServer, listAnalyzers} from '../launcher/find-perf-analyzer.ts';
import {describeCandidate, type Finding} from './doctor-finding.ts';

export const examineAnalyzers = async (env: NodeJS.ProcessEnv): Promise<readonly Finding[]> => {
	const subject = 'perf_analyzer';
	const next = 'Only `benchmark triton` needs one: `npm run triton`.';
	try {
		const found = await listAnalyzers({explicit: null, env});
		return found.length === 0
			? [{subject, health: 'weak', detail: 'none', next}]
			: found.map((candidate, place) => ({
					subject,
					health: candidate.refusal === null && place === 0 ? 'good' : 'weak',
					detail: describeCandidate(candidate),
					next: found.every(({refusal}) => refusal !== null) && place === 0 ? next : '',
				}));
	} catch (error) {
		return [{subject, health: 'weak', detail: messageOf(error), next}];
	}
};

export const examineServer = (env: NodeJS.ProcessEnv): Finding => {
	const server = findTritonServer(env);
	return {
		subject: 'Triton',
		health: server === null ? 'weak' : 'good',
		detail: server ?? 'no server on this machine',
		next:
			server === null
				? 'Only to start one here: `npm run triton`. A server elsewhere needs none.'
				: '',
	};
};
