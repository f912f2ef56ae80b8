import { describeError, isSynodError, SynodError, type TraceRecord } from '@synod/protocol';
import { asyncScheduler, Observable, type OperatorFunction, type SchedulerLike, type Subscription } from 'rxjs';
import type { Misfit } from './misfit.ts';
import { Validator } from './validator.ts';
import type { Judged, ValidatorOptions, Verdict } from './verdict.ts';

/** What the judge of a stream has to tell. */
export type ValidationEvent =
  /** The first step that does not fit. */
  | { readonly type: 'misfit'; readonly misfit: Misfit }
  /** The stream was faster than the judge, which begins anew: what happened between is not judged. */
  | { readonly type: 'gap'; readonly records: number }
  /** The judge itself failed, and says no more. */
  | { readonly type: 'failed'; readonly error: SynodError }
  /** The end of the stream, or of the judging. */
  | { readonly type: 'verdict'; readonly verdict: Verdict };

export interface ValidateOptions extends Omit<ValidatorOptions, 'header'> {
  /** Records that may wait for the judge. Default 20,000. */
  readonly maxBacklog?: number;
  /** How long it judges at a stretch, in milliseconds, before others get their turn. Default 4. */
  readonly sliceMs?: number;
  /** What lends it time. Default rxjs' `asyncScheduler`: turns of the event loop. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Judges a trace as it is made: `system.trace$.pipe(validate(raft)).subscribe(…)`. A sidecar: a record is put on a list and judged later, in
 * slices; nothing it does reaches the system, and its memory is bounded. It never errors over a trace: the first step that does not fit is a
 * `misfit`, after which comes the verdict, and it unsubscribes. When the list is full it lets go of it and subscribes anew, since a system's
 * `trace$` tells each subscriber first of the living actors.
 */
export const validate =
  (judged: Judged | readonly Judged[], options: ValidateOptions = {}): OperatorFunction<TraceRecord, ValidationEvent> =>
  (source) =>
    new Observable((subscriber) => {
      const judge = new Sidecar(source, judged, options, {
        next: (event) => subscriber.next(event),
        complete: () => subscriber.complete(),
        error: (error) => subscriber.error(error),
      });
      judge.subscribe();
      return () => judge.close();
    });

interface Listener {
  next(event: ValidationEvent): void;
  complete(): void;
  error(error: unknown): void;
}

class Sidecar {
  readonly #source: Observable<TraceRecord>;
  readonly #judged: Judged | readonly Judged[];
  readonly #options: ValidateOptions;
  readonly #listener: Listener;
  readonly #scheduler: SchedulerLike;
  #validator: Validator;
  #backlog: TraceRecord[] = [];
  #next = 0;
  #subscription: Subscription | undefined;
  /** Of the present subscription. */
  #number = 0;
  #turn: Subscription | undefined;
  #ended: { readonly error?: unknown } | undefined;

  constructor(
    source: Observable<TraceRecord>,
    judged: Judged | readonly Judged[],
    options: ValidateOptions,
    listener: Listener,
  ) {
    this.#source = source;
    this.#judged = judged;
    this.#options = options;
    this.#listener = listener;
    this.#scheduler = options.scheduler ?? asyncScheduler;
    this.#validator = new Validator(judged, options);
  }

  subscribe(): void {
    const number = ++this.#number;
    // A source may go on for a while within the very call, when nobody listens any more.
    const mine = () => number === this.#number;
    const subscription = this.#source.subscribe({
      next: (record) => mine() && this.#add(record),
      complete: () => mine() && this.#end({}),
      error: (error: unknown) => mine() && this.#end({ error }),
    });
    if (mine()) this.#subscription = subscription;
    else subscription.unsubscribe();
  }

  close(): void {
    this.#leave();
    this.#turn?.unsubscribe();
    this.#backlog = [];
  }

  #leave(): void {
    this.#number++;
    this.#subscription?.unsubscribe();
  }

  #add(record: TraceRecord): void {
    if (this.#backlog.length - this.#next >= (this.#options.maxBacklog ?? 20_000)) return this.#overflow();
    this.#backlog.push(record);
    this.#schedule();
  }

  #end(how: { readonly error?: unknown }): void {
    this.#ended = how;
    this.#schedule();
  }

  /** Begins anew, outside of the record that was one too many. */
  #overflow(): void {
    const records = this.#backlog.length - this.#next + 1;
    this.#leave();
    this.#turn?.unsubscribe();
    this.#turn = undefined;
    this.#backlog = [];
    this.#next = 0;
    this.#turn = this.#scheduler.schedule(() => {
      this.#turn = undefined;
      this.#listener.next({ type: 'gap', records });
      this.#validator = new Validator(this.#judged, this.#options);
      this.subscribe();
    });
  }

  #schedule(): void {
    this.#turn ??= this.#scheduler.schedule(() => {
      this.#turn = undefined;
      this.#slice();
    });
  }

  #slice(): void {
    const until = performance.now() + (this.#options.sliceMs ?? 4);
    try {
      while (this.#next < this.#backlog.length && performance.now() < until) {
        const misfit = this.#validator.next(this.#backlog[this.#next++] as TraceRecord);
        if (!misfit) continue;
        this.#leave();
        this.#listener.next({ type: 'misfit', misfit });
        return this.#conclude();
      }
    } catch (error) {
      this.#leave();
      this.#listener.next({ type: 'failed', error: coded(error) });
      return this.#conclude();
    }
    if (this.#next < this.#backlog.length) return this.#schedule();
    this.#backlog = [];
    this.#next = 0;
    if (this.#ended) this.#conclude();
  }

  #conclude(): void {
    this.#backlog = [];
    this.#listener.next({ type: 'verdict', verdict: this.#validator.verdict() });
    if (this.#ended && 'error' in this.#ended) this.#listener.error(this.#ended.error);
    else this.#listener.complete();
  }
}

const coded = (error: unknown): SynodError =>
  isSynodError(error)
    ? error
    : new SynodError('VALIDATOR_FAILED', `The judge itself failed (${describeError(error)}); please report that.`, {
        cause: error,
      });
