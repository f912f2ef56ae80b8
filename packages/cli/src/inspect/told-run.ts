import type { Counterexample } from '@synod/checker';
import { ASSERTIONS } from '@synod/checker';
import type { JudgedProperty, Span, Verdicts } from '@synod/inspector';
import type { PropertyVerdict } from '../files/counterexample-file.ts';
import { endsOf, stepSpans } from './spans.ts';

/** A run of the checker, as far as its file tells of it. */
export type ToldRun = Omit<Counterexample, 'tracks'> & Partial<Pick<Counterexample, 'tracks'>>;

/** What is known of a run of the checker. `said`: what a search came to; `shows`: the property that the run is there for. */
export function verdictsOfRun(run: ToldRun, said: readonly PropertyVerdict[], shows?: string): Verdicts {
  const { steps, trace, cycleFrom, tracks = [] } = run;
  const spans = stepSpans(trace, steps.length);
  const told = steps.map((step, index) => ({ ...step, records: spans[index] as Span }));
  const circle = cycleFrom === undefined ? undefined : (spans[cycleFrom]?.[0] ?? trace.length);
  const context: Context = { spans, ends: endsOf(spans, trace.length), circle, total: trace.length, shows };
  const named = new Map(tracks.map((track) => [track.name, track]));
  const properties = said.map((verdict) => judged(verdict, named.get(verdict.name), context));
  return { properties, steps: told, ...(circle !== undefined && { circleFrom: circle }) };
}

/** The properties of a model of which no search has been made: of a run that a person takes. */
export const unsearched = (tracks: Counterexample['tracks']): readonly PropertyVerdict[] =>
  tracks.map(({ name, kind }) => ({ name, kind, verdict: 'unknown' }));

interface Context {
  readonly spans: readonly Span[];
  readonly ends: readonly number[];
  readonly circle: number | undefined;
  readonly total: number;
  readonly shows: string | undefined;
}

function judged(
  said: PropertyVerdict,
  track: Counterexample['tracks'][number] | undefined,
  run: Context,
): JudgedProperty {
  const { name, verdict, message } = said;
  const isSought = name === run.shows;
  const kind: JudgedProperty['kind'] = name === ASSERTIONS ? 'assertion' : said.kind;
  // In a run that shows a property, it is shown by the last step, or by the circle.
  const wanted = kind !== 'sometimes';
  const step = track?.changes.find(([, holds]) => holds !== wanted)?.[0];
  const seen = kind !== 'eventually' && step !== undefined ? spanOf(step, run) : undefined;
  const at = seen ?? (isSought ? endOf(run) : undefined);
  const changes = track?.changes.map(([steps, holds]) => [run.ends[steps] ?? run.total, holds] as const);
  const known = { name, kind, ...(track && { source: track.source }), ...(changes && { changes }) };
  if (at && kind === 'sometimes') return { ...known, verdict: 'holds', at };
  if (at) return { ...known, verdict: 'violated', at, message: message ?? 'this run breaks it' };
  if (verdict === 'violated')
    return { ...known, verdict, message: [message, 'not in this run, but in the model'].filter(Boolean).join('; ') };
  return { ...known, verdict: verdict === 'holds' ? 'holds' : 'open', ...(message !== undefined && { message }) };
}

/** The step that led to a world; of the first world, the start. */
const spanOf = (step: number, { spans, ends }: Context): Span =>
  step === 0 ? [0, ends[0] ?? 0] : (spans[step - 1] ?? [0, 0]);

const endOf = ({ circle, total, spans, ends }: Context): Span =>
  circle === undefined ? (spans.at(-1) ?? [0, ends[0] ?? 0]) : [Math.min(circle, Math.max(0, total - 1)), total];
