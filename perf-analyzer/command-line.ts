/** A call of perf_analyzer as it stands in logs and documents, for what the output itself does not say: the model. */

export interface KnownSettings {
	readonly model: string | null;
	readonly batchSize: number | null;
	readonly protocol: 'http' | 'grpc' | null;
}

export const noSettings: KnownSettings = {model: null, batchSize: null, protocol: null};

const callPattern = /(?:^|[\s/])perf_analyzer\s+(?<words>.*)$/;

const optionOf = (text: string, names: string): string | undefined =>
	new RegExp(String.raw`(?:^|\s)(?:${names})(?:\s+|=)["']?([^\s"']+)`).exec(text)?.[1];

export const readProtocol = (text: string | undefined): 'http' | 'grpc' | null => {
	const name = text?.toLowerCase();
	return name === 'http' || name === 'grpc' ? name : null;
};

/**
 * @param line with the lines that a backslash joins to it
 * @returns undefined where it is no call, or one whose model is a placeholder: "<model-name>", "$MODEL"
 */
export const readCommandLine = (line: string): KnownSettings | undefined => {
	const words = callPattern.exec(line)?.groups?.['words']?.replaceAll(/`#[^`]*`/g, ' ');
	const model = words === undefined ? undefined : optionOf(words, '-m|--model-name');
	if (words === undefined || model === undefined || /[<>$]/.test(model)) {
		return undefined;
	}

	const batch = Number(optionOf(words, '-b|--batch-size') ?? 1);
	return {
		model,
		batchSize: Number.isSafeInteger(batch) && batch > 0 ? batch : null,
		protocol: readProtocol(optionOf(words, '-i') ?? 'http'),
	};
};
