import { type DropReason, plainJson, type TraceRecord, VIEWER_LIMITS } from '@synod/protocol';
import { numberId } from './hash.ts';
import { type Slice, Track } from './perfetto-track.ts';
import { dropText, eventName } from './text.ts';

/**
 * A trace in the JSON format of Chrome's trace events, which Perfetto (https://ui.perfetto.dev) and chrome://tracing open. A node is a process,
 * an actor a thread. States are slices, those within a compound state nested in it; so are steps and sends, of a microsecond each. A message
 * is a flow from its sending to the step that takes it up, or to where it is lost; timers, crashes and whatever else happens are instants.
 * Times are microseconds of the trace's clock; what happens on a thread at the same time stands side by side, a microsecond apart, since
 * slices must nest: `args.at` has the true time, in milliseconds.
 */
export function* perfetto(records: Iterable<TraceRecord>): Generator<string> {
  const timeline = new Timeline();
  let isFirst = true;
  const written = function* (events: readonly object[]): Generator<string> {
    for (const event of events) {
      yield `${isFirst ? '{"displayTimeUnit":"ms","traceEvents":[\n' : ',\n'}${JSON.stringify(event)}`;
      isFirst = false;
    }
  };
  for (const record of records) yield* written(timeline.add(record));
  yield* written(timeline.end());
  yield isFirst ? '{"displayTimeUnit":"ms","traceEvents":[]}\n' : '\n]}\n';
}

/**
 * A flow must end after it begins, else importers leave it out; and a thread on which much happens at once is late by microseconds, by more than
 * these hardly ever.
 */
const MOST_LATE_US = 10_000;

class Timeline {
  readonly #processes = new Map<string, number>();
  readonly #tracks = new Map<string, Track>();
  #ids = 0;
  #last = 0;
  /** Messages that were sent about now, by their ids; `ts` as written. */
  readonly #sent = new Map<string, { readonly at: number; readonly ts: number }>();
  #out: object[] = [];

  add(record: TraceRecord): readonly object[] {
    this.#out = [];
    this.#last = Math.max(this.#last, record.at);
    this.#read(record);
    return this.#out;
  }

  /** States that last beyond the trace end with it. */
  end(): readonly object[] {
    this.#out = [];
    for (const track of this.#tracks.values()) this.#out.push(...track.leave(this.#last).map(sliceEvent));
    return this.#out;
  }

  #read(record: TraceRecord): void {
    const { at } = record;
    switch (record.type) {
      case 'spawn': {
        const track = this.#track(record.actor, record.node);
        this.#instant(track, record.recovered ? 'recovers' : 'starts', 'life', { at });
        this.#out.push(...track.become(at, record.state).map(sliceEvent));
        return;
      }
      case 'receive':
        return this.#receive(record);
      case 'transition':
        this.#out.push(...this.#track(record.actor, record.node).become(at, record.state).map(sliceEvent));
        return;
      case 'send': {
        const track = this.#track(record.from, record.node);
        const { id, to, message } = record;
        const slice = track.slot(at, `send ${message.type}`, 'send', { at, id, to, message: brief(message) });
        this.#out.push(sliceEvent(slice), flow('s', slice, id));
        this.#noteSent(id, at, slice.ts);
        return;
      }
      case 'drop':
        return this.#drop(record);
      case 'crash':
      case 'stop':
        return this.#ends(record);
      default:
        return this.#other(record);
    }
  }

  #receive({ at, node, actor, event, id, from }: Extract<TraceRecord, { type: 'receive' }>): void {
    const track = this.#track(actor, node);
    const facts = { at, ...(id !== undefined && { id }), ...(from !== undefined && { from }), event: brief(event) };
    const slice = track.slot(at, eventName(event.type), 'step', facts, this.#afterSend(id, at));
    this.#out.push(sliceEvent(slice));
    if (id !== undefined) this.#out.push(flow('f', slice, id));
  }

  #drop(record: Extract<TraceRecord, { type: 'drop' }>): void {
    const { at, node, id, from, to, detail } = record;
    const reason: DropReason = record.reason;
    const facts = { at, reason, ...(id !== undefined && { id }), ...(detail !== undefined && { detail }) };
    // The end that is on this node: the other one's thread belongs to another process.
    const actor = [to, from].find((each) => each?.endsWith(`@${node}`));
    const track = this.#track(actor ?? node, node);
    const slice = track.slot(at, dropText(record), 'lost', facts, this.#afterSend(id, at));
    this.#out.push(sliceEvent(slice));
    if (id !== undefined) this.#out.push(flow('f', slice, id));
  }

  #noteSent(id: string, at: number, ts: number): void {
    this.#sent.set(id, { at, ts });
    for (const [old, { ts: before }] of this.#sent) {
      if (ts - before < MOST_LATE_US) break;
      this.#sent.delete(old);
    }
  }

  /** The first microsecond after a message was sent; where its end was told earlier by another clock, that stays. */
  #afterSend(id: string | undefined, at: number): number | undefined {
    const sent = id === undefined ? undefined : this.#sent.get(id);
    return sent === undefined || at < sent.at ? undefined : sent.ts + 1;
  }

  /** A crash of a whole node ends the states of all its actors. */
  #ends(record: Extract<TraceRecord, { type: 'crash' | 'stop' }>): void {
    const { at, node, actor, type } = record;
    const reason = record.type === 'crash' ? { reason: record.reason } : {};
    const tracks =
      actor === undefined
        ? [...this.#tracks.values()].filter((track) => track.node === node)
        : [this.#track(actor, node)];
    for (const track of tracks) this.#out.push(...track.leave(at).map(sliceEvent));
    const own = this.#track(actor ?? node, node);
    this.#instant(own, type === 'crash' ? 'crash' : 'stops', type, { at, ...reason }, actor === undefined ? 'p' : 't');
  }

  #other(record: TraceRecord): void {
    const { at, node } = record;
    switch (record.type) {
      case 'timer.set':
      case 'timer.fired':
      case 'timer.cancelled': {
        const delay = record.type === 'timer.set' ? { delayMs: record.delayMs } : {};
        const facts = { at, id: record.id, ...delay };
        const name = `${record.type.slice('timer.'.length)} ${eventName(record.id)}`;
        return this.#instant(this.#track(record.actor, node), name, 'timer', facts);
      }
      case 'durable':
        return this.#instant(this.#track(record.actor, node), 'durable', 'disk', { at, fields: brief(record.fields) });
      case 'emit': {
        const facts = { at, event: brief(record.event) };
        return this.#instant(this.#track(record.actor, node), eventName(record.event.type), 'emit', facts);
      }
      case 'deliver':
        return this.#instant(this.#track(record.to, node), `arrives: ${record.message}`, 'deliver', {
          at,
          id: record.id,
          from: record.from,
        });
      case 'restart':
        return this.#instant(this.#track(record.actor, node), 'starts again', 'life', { at, attempt: record.attempt });
      case 'note':
        return this.#instant(
          this.#track(record.actor ?? node, node),
          record.text,
          'note',
          { at },
          record.actor === undefined ? 'p' : 't',
        );
    }
  }

  #instant(track: Track, name: string, category: string, args: object, scope: 'p' | 't' = 't'): void {
    const { pid, tid } = track;
    const ts = track.moment((args as { readonly at: number }).at);
    this.#out.push({ ph: 'i', s: scope, name, cat: category, pid, tid, ts, args });
  }

  #process(node: string): number {
    const known = this.#processes.get(node);
    if (known !== undefined) return known;
    const pid = ++this.#ids;
    this.#processes.set(node, pid);
    this.#out.push({ ph: 'M', name: 'process_name', pid, tid: pid, ts: 0, args: { name: node } });
    return pid;
  }

  /** The thread of an actor, or of a node as a whole, by whose name it then goes. */
  #track(name: string, node: string): Track {
    const key = JSON.stringify([node, name]);
    const known = this.#tracks.get(key);
    if (known) return known;
    const pid = this.#process(node);
    // No thread has a process's number, which would make it that process's main thread.
    const tid = name === node ? pid : ++this.#ids;
    const track = new Track(node, pid, tid);
    this.#tracks.set(key, track);
    this.#out.push({ ph: 'M', name: 'thread_name', pid, tid, ts: 0, args: { name } });
    return track;
  }
}

const brief = (value: unknown): unknown => plainJson(value, VIEWER_LIMITS);

const sliceEvent = ({ name, category, pid, tid, ts, dur, args }: Slice): object => ({
  ph: 'X',
  name,
  cat: category,
  pid,
  tid,
  ts,
  dur,
  args,
});

/** A flow begins or ends in the slice that is open at its time; both ends share category, name and id. */
const flow = (phase: 's' | 'f', { pid, tid, ts }: Slice, id: string): object => ({
  ph: phase,
  ...(phase === 'f' && { bp: 'e' }),
  name: 'message',
  cat: 'message',
  id: numberId(id),
  pid,
  tid,
  ts,
});
