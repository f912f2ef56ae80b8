import { type Chart, SynodError, type TraceRecord } from '@synod/protocol';
import { type ActorView, emptyWorld, withRecords } from '../world/world.ts';
import { type Place, type Records, unknownError, until } from './records.ts';

/** Which chart of a trace. */
export interface ChartChoice {
  /** Of this actor, by its address; left out where all actors have one chart. */
  readonly actor?: string;
  /** The last record that counts; default: the end. */
  readonly to?: Place;
}

export interface ChartInTrace {
  readonly chart: Chart;
  /** The actors that have it, as they are by then: one, if it was named. */
  readonly actors: readonly ActorView[];
}

/**
 * The chart in a trace: that of `actor` as it last came to life, else the only one there is.
 * @throws SynodError `EXPORT_NO_CHART`; `EXPORT_UNKNOWN` for an actor that the trace does not have; `EXPORT_SEVERAL_CHARTS` where nothing says which.
 */
export function chartIn(records: Records, { actor: named, to }: ChartChoice = {}): ChartInTrace {
  const charts = new Map<string, { readonly chart: Chart; readonly actor: string }>();
  const actors = new Map<string, Chart>();
  const world = withRecords(emptyWorld, noting(until(records, to), charts, actors));
  const views = Object.values(world).flatMap((node) => Object.values(node.actors));
  if (actors.size === 0) throw noChart(to);
  if (named !== undefined) {
    const chart = actors.get(named);
    if (chart) return { chart, actors: views.filter(({ address }) => address === named) };
    throw unknownError([named], [...actors.keys()]);
  }
  const [only, ...others] = charts.values();
  if (only && others.length === 0) return { chart: only.chart, actors: views };
  const names = [...charts.values()].map((each) => `${each.chart.id} of ${each.actor}`);
  throw new SynodError('EXPORT_SEVERAL_CHARTS', `The trace has several charts: ${names.join(', ')}; name an actor.`);
}

/** The same records; on the way each chart is noted once, and of each actor the latest. */
function* noting(
  records: Iterable<TraceRecord>,
  charts: Map<string, { readonly chart: Chart; readonly actor: string }>,
  actors: Map<string, Chart>,
): Generator<TraceRecord> {
  for (const record of records) {
    yield record;
    if (record.type !== 'spawn') continue;
    actors.set(record.actor, record.chart);
    const text = JSON.stringify(record.chart);
    if (!charts.has(text)) charts.set(text, { chart: record.chart, actor: record.actor });
  }
}

const noChart = (to: Place | undefined): SynodError =>
  new SynodError(
    'EXPORT_NO_CHART',
    to === undefined
      ? 'The trace has no chart, since no actor comes to life in it; export the machine itself, as MODULE#EXPORT.'
      : 'No actor has come to life by then; choose a later place.',
  );
