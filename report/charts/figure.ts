/**
 * What a picture shows, before any pixel: panels above each other over one x axis.
 *
 *     Figure
 *       LinesPanel    lines with markers, error bars or bands, over a y axis
 *       LanesPanel    rows of spans: batches of each worker, reasons that slow
 */

export interface AxisSpec {
	/** With its unit: "latency (ms)". */
	readonly label: string;
	/** auto: log where all values are positive and span more than a decade. */
	readonly scale: 'linear' | 'log' | 'auto';
	/** measured: ticks at the values of x where they are few (loads); round: at round numbers. Absent: round. */
	readonly values?: 'measured' | 'round';
	/** Of a linear axis. auto: from zero where the values are positive. Absent: auto. */
	readonly from?: 'zero' | 'data' | 'auto';
	/** Bounds that are shown whatever the values are. */
	readonly include?: readonly number[];
}

export type PointMark =
	/** Absent means this. */
	| 'full'
	/** Measured, with a reservation. */
	| 'hollow'
	/** Failed. Without a value it stands on the axis. */
	| 'cross';

export interface PlotPoint {
	readonly x: number;
	/** null: the line has a gap. */
	readonly y: number | null;
	readonly low?: number;
	readonly high?: number;
	readonly mark?: PointMark;
	/** Written beside the point where there is room. */
	readonly text?: string;
}

export interface PlotSeries {
	readonly name: string;
	/** Which colour and marker; the same name has the same in all panels. */
	readonly style: number;
	/** Absent: solid. */
	readonly dash?: 'solid' | 'dashed' | 'dotted';
	readonly markers: boolean;
	/** How `low` and `high` are drawn. Absent: bars. */
	readonly interval?: 'bars' | 'band';
	/** In the order in which the line goes. */
	readonly points: readonly PlotPoint[];
}

/** A stretch of x. */
export interface Span {
	readonly from: number;
	readonly to: number;
	/** alarm: slowed by heat or a brake; notice: at its power limit. */
	readonly look: 'batch' | 'batch-other' | 'warm-up' | 'alarm' | 'notice';
	/** Written inside where there is room. */
	readonly text?: string;
}

export interface LinesPanel {
	readonly kind: 'lines';
	/** Pixels. */
	readonly height: number;
	readonly y: AxisSpec;
	readonly series: readonly PlotSeries[];
	/** Behind the lines. */
	readonly bands?: readonly Span[];
	/** A line across, at this y: 1 of a ratio. */
	readonly reference?: number;
}

export interface Lane {
	readonly label: string;
	readonly spans: readonly Span[];
}

export interface LanesPanel {
	readonly kind: 'lanes';
	/** Pixels of one lane. */
	readonly laneHeight: number;
	/** Written once, where lanes are too thin for their own labels. */
	readonly label: string;
	readonly lanes: readonly Lane[];
}

export type Panel = LinesPanel | LanesPanel;

export interface Figure {
	readonly title: string;
	/** "": none. */
	readonly subtitle: string;
	/** For those who cannot see it. */
	readonly description: string;
	readonly x: AxisSpec;
	/** Top to bottom. */
	readonly panels: readonly Panel[];
	/** Small lines at the foot. */
	readonly notes: readonly string[];
}
