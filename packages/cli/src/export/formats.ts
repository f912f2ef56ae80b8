import type { Records } from '@synod/inspector/export';
import type { Chart, TraceRecord } from '@synod/protocol';
import type { ExportOptions } from './options.ts';

/** What all formats are written with; loaded when it is needed. */
type Library = typeof import('@synod/inspector/export');

export interface ChartFormat {
  readonly of: 'chart';
  readonly about: string;
  write(library: Library, chart: Chart, remark: (text: string) => void): string;
}

export interface TraceFormat {
  readonly of: 'trace';
  readonly about: string;
  /** Whether a part of a run begins with the actors as they are by then. */
  readonly present: boolean;
  write(library: Library, records: Records, options: ExportOptions): Iterable<string>;
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
    write: ({ mermaidChart }, chart) => `${mermaidChart(chart)}\n`,
  },
  scxml: {
    of: 'chart',
    about: 'a chart as SCXML',
    write: ({ scxml }, chart, remark) =>
      scxml(chart, { onInexpressible: (what) => remark(`Not the same in SCXML: ${what}.`) }),
  },
  'mermaid-sequence': {
    of: 'trace',
    about: 'a run as a Mermaid sequence diagram',
    present: true,
    write: ({ mermaidSequence }, records, { by }) => [`${mermaidSequence(records, by ? { by } : {})}\n`],
  },
  shiviz: {
    of: 'trace',
    about: 'a run as a log for ShiViz',
    present: false,
    write: ({ shiviz }, records) => shiviz(records),
  },
  perfetto: {
    of: 'trace',
    about: "a run in Chrome's trace event format, for Perfetto",
    present: true,
    write: ({ perfetto }, records) => perfetto(records),
  },
  otel: {
    of: 'trace',
    about: 'a run as OpenTelemetry spans, in OTLP/JSON',
    present: false,
    write: ({ otel }, records, { epoch }) => otel(records, epoch === undefined ? {} : { epochMs: epoch }),
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
