/** Every JSON format that leaves this project, by the name that `benchmark schema` takes. */

import * as z from 'zod';
import {MeanResult, ProcessResult} from './benchmark-result.ts';
import {CommandReport} from './command-report.ts';
import {ComparisonReport} from './comparison-report.ts';
import {Manifest} from './manifest.ts';
import {NoiseFloors} from './noise-floor.ts';
import {Placeholder} from './placeholder.ts';
import {RecordingLine} from './recording.ts';
import {InputData} from './input-data.ts';
import {ProgramLogs} from './program-logs.ts';
import {StudyComparison} from './study-comparison.ts';
import {Study} from './study.ts';
import {SweepManifest} from './sweep.ts';

export const formats = {
	benchmark: ProcessResult,
	benchmark_mean: MeanResult,
	run: Manifest,
	report: CommandReport,
	comparison: ComparisonReport,
	noise_floor: NoiseFloors,
	study: Study,
	sweep: SweepManifest,
	study_comparison: StudyComparison,
	program_logs: ProgramLogs,
	input_data: InputData,
	placeholder: Placeholder,
	recording: RecordingLine,
} as const;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as readonly FormatName[];

/** The JSON Schema (2020-12) of a format, as text; the same as in schemas/json/. */
export const jsonSchemaText = (name: FormatName): string =>
	`${JSON.stringify(z.toJSONSchema(formats[name]), null, '\t')}\n`;
