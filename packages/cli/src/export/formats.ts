import type { ChartInTrace, Records } from '@synod/inspector/export';
import type { TraceRecord } from '@synod/protocol';
import type { ExportOptions } from './options.ts';

/** What all formats are written with; loaded when it is needed. */
type Library = typeof import('@synod/inspector/export');

export interface ChartFormat {
  readonly of: 'chart';
  readonly about: string;
  write(
    library: Library,
    found: ChartInTrace,
    options: ExportOptions,
    remark: (text: string) => void,
  ): string | Promise<string>;
}

/** What of a run is exported. */
export interface Run {
  readonly records: Records;
  /** What the times of its records count. */
  readonly unit: 'ms' | 'step';
}

export interface TraceFormat {
  readonly of: 'trace';
  readonly about: string;
  /** Whether a part of a run begins with the actors as they are by then. */
  readonly present: boolean;
  write(library: Library, run: Run, options: ExportOptions): Iterable<string> | Promise<Iterable<string>>;
}

/** The inspector's page with the run in it. */
export interface PageFormat {
  readonly of: 'page';
  readonly about: string;
}

export type Format = ChartFormat | TraceFormat | PageFormat;

/** What `synod inspect --export` can write. */
export const FORMATS: Readonly<Record<string, Format>> = {
  'mermaid-state': {
    of: 'chart',
    about: 'a chart as a Mermaid state diagram',
    write: ({ mermaidChart }, { chart }) => `${mermaidChart(chart)}\n`,
  },
  scxml: {
    of: 'chart',
    about: 'a chart as SCXML',
    write: ({ scxml }, { chart }, _, remark) =>
      scxml(chart, { onInexpressible: (what) => remark(`Not the same in SCXML: ${what}.`) }),
  },
  svg: {
    of: 'chart',
    about: 'a chart as a picture; of a run with where its actor is, and what it took',
    async write(_, { chart, actors }, { theme = 'light' }, remark) {
      const { chartStyles, drawChart, marksOf, stateWords, svgOf } = await import('@synod/inspector/chart');
      if (actors.length > 1)
        remark(`${actors.length} actors have this chart; to see where one is, name it by --actor.`);
      const actor = actors.length === 1 ? actors[0] : undefined;
      const where = actor && (actor.phase === 'running' ? `at ${stateWords(actor.state)}` : actor.phase);
      const label = `Statechart of ${chart.id}${actor ? `: ${actor.address}, ${where}` : ''}`;
      return svgOf(await drawChart(chart), { theme, css: await chartStyles(), label, ...(actor && marksOf(actor)) });
    },
  },
  'mermaid-sequence': {
    of: 'trace',
    about: 'a run as a Mermaid sequence diagram',
    present: true,
    write: ({ mermaidSequence }, { records }, { by }) => [`${mermaidSequence(records, by ? { by } : {})}\n`],
  },
  'svg-spacetime': {
    of: 'trace',
    about: 'a run as a picture: lanes side by side, time downwards',
    present: true,
    async write({ svgSpacetime }, { records, unit }, { theme = 'light', by, axis }) {
      const { chartStyles } = await import('@synod/inspector/chart');
      return [
        svgSpacetime(records, { theme, unit, css: await chartStyles(), ...(by && { by }), ...(axis && { axis }) }),
      ];
    },
  },
  shiviz: {
    of: 'trace',
    about: 'a run as a log for ShiViz',
    present: false,
    write: ({ shiviz }, { records }) => shiviz(records),
  },
  perfetto: {
    of: 'trace',
    about: "a run in Chrome's trace event format, for Perfetto",
    present: true,
    write: ({ perfetto }, { records }) => perfetto(records),
  },
  otel: {
    of: 'trace',
    about: 'a run as OpenTelemetry spans, in OTLP/JSON',
    present: false,
    write: ({ otel }, { records }, { epoch }) => otel(records, epoch === undefined ? {} : { epochMs: epoch }),
  },
  html: { of: 'page', about: "the inspector's page with the run in it, as one file that needs no server" },
};

/** Counts records on their way. */
export function counted(records: Records, onRecord: (count: number) => void): Records {
  return {
    *[Symbol.iterator](): Generator<TraceRecord> {
      let count = 0;
      for (const record of records) {
        yield record;
        onRecord(++count);
      }
    },
  };
}
