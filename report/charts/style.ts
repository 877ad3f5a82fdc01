/**
 * Colours and fonts, as one style sheet in every picture. Several pictures in one page share it: it is the same in all.
 * Light where nobody asks; dark where the reader's system does. PNGs are light: resvg passes over media queries.
 */

/**
 * Of Okabe and Ito (jfly.uni-koeln.de/color), told apart with every kind of colour vision; yellow, too faint on white,
 * is left out. Dark: lighter ones of the same hues.
 */
export const seriesColours: readonly {readonly light: string; readonly dark: string}[] = [
	{light: '#0072b2', dark: '#4aa8e8'},
	{light: '#d55e00', dark: '#ff8a45'},
	{light: '#009e73', dark: '#2fc99b'},
	{light: '#cc79a7', dark: '#e39ac2'},
	{light: '#e69f00', dark: '#f0b43c'},
	{light: '#56b4e9', dark: '#9ad4f5'},
	{light: '#5a5a5a', dark: '#c4c4c4'},
	{light: '#7a4a2a', dark: '#c99a78'},
];

/** Parts of a bar, by what they mean: waiting is orange, computing green, the client blue. */
export const partColours = {
	send: {light: '#7fb2d9', dark: '#7fb2d9'},
	receive: {light: '#2f6f9f', dark: '#4a8fc2'},
	network: {light: '#b3a5cf', dark: '#b3a5cf'},
	overhead: {light: '#8d8d8d', dark: '#9d9d9d'},
	queue: {light: '#e69f00', dark: '#e6a82a'},
	cache: {light: '#cc79a7', dark: '#cc79a7'},
	input: {light: '#9bdcc4', dark: '#9bdcc4'},
	compute: {light: '#009e73', dark: '#1fae84'},
	output: {light: '#00614a', dark: '#1f7d63'},
	rest: {light: '#d9d9d9', dark: '#55585e'},
} as const;
export type PartLook = keyof typeof partColours;

type Mode = 'light' | 'dark';

const pageColours = {
	light: {paper: '#ffffff', ink: '#1f2328', faint: '#59636e', grid: '#e4e6ea', axis: '#8c959f'},
	dark: {paper: '#14171c', ink: '#e8eaed', faint: '#a5adb8', grid: '#2b3038', axis: '#6b7480'},
} as const;

const spanColours = {
	batch: {light: '#c7dcee', dark: '#2c4a66'},
	'batch-other': {light: '#94bcdd', dark: '#3f6a92'},
	'warm-up': {light: '#dcdcdc', dark: '#3d4148'},
	alarm: {light: '#d55e00', dark: '#ff8a45'},
	notice: {light: '#e0b95c', dark: '#b98d2a'},
} as const;

const channels = (colour: string): readonly number[] =>
	[1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));

/** Not by opacity, through which the grid would be seen. */
const paleShare = 0.42;
const mix = (colour: string, paper: string): string => {
	const under = channels(paper);
	const mixed = channels(colour).map((value, index) =>
		Math.round(value * paleShare + (under[index] ?? 0) * (1 - paleShare)),
	);
	return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
};

const listRules = (mode: Mode): string => {
	const {paper, ink, faint, grid, axis} = pageColours[mode];
	const fill = (name: string, colours: Readonly<Record<Mode, string>>): string =>
		`.nb .${name}{fill:${colours[mode]}}`;
	return [
		`.nb .paper{fill:${paper}}`,
		`.nb text{fill:${ink}}`,
		`.nb .faint{fill:${faint}}`,
		`.nb .grid{stroke:${grid}}`,
		`.nb .axis{stroke:${axis}}`,
		...seriesColours.flatMap((colour, index) => [
			`.nb .p${index}{fill:${mix(colour[mode], paper)}}`,
			`.nb .s${index}{stroke:${colour[mode]}}`,
			`.nb .f${index}{fill:${colour[mode]}}`,
		]),
		`.nb .hollow{fill:${paper}}`,
		...Object.entries(partColours).map(([name, colours]) => fill(`part-${name}`, colours)),
		...Object.entries(spanColours).map(([name, colours]) => fill(`span-${name}`, colours)),
	].join('');
};

const fontFamily = '"Open Sans",system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif';

export const fontSizes = {title: 16, subtitle: 12, label: 12, tick: 11, small: 10.5} as const;

export const styleSheet = [
	`.nb text{font-family:${fontFamily};font-size:${fontSizes.label}px}`,
	`.nb .title{font-size:${fontSizes.title}px;font-weight:600}`,
	`.nb .tick{font-size:${fontSizes.tick}px}`,
	`.nb .small{font-size:${fontSizes.small}px}`,
	'.nb .grid,.nb .axis{fill:none;stroke-width:1}',
	'.nb .line{fill:none;stroke-width:1.75;stroke-linejoin:round;stroke-linecap:round}',
	'.nb .bar{fill:none;stroke-width:1.25}',
	'.nb .mark{stroke-width:1.5}',
	'.nb .cross{fill:none;stroke-width:2}',
	'.nb .dashed{stroke-dasharray:6 4}',
	'.nb .dotted{stroke-dasharray:1.5 4}',
	'.nb .band{stroke:none;fill-opacity:.18}',
	'.nb .backdrop{fill-opacity:.35}',
	listRules('light'),
	`@media (prefers-color-scheme:dark){${listRules('dark')}}`,
].join('');

/** Series beyond the colours repeat them, with another dash. */
export const colourOf = (style: number): number => style % seriesColours.length;
