import type { DurableChange } from '@synod/protocol';
import type { SimActor } from './actor.ts';
import { NodeClock } from './clock.ts';
import { Disk, type DiskOptions } from './disk.ts';
import type { Host, Premises } from './host.ts';
import { Happening } from './queue.ts';
import { streamOf } from './random.ts';
import { type Micros, micros, millis } from './time.ts';

/** A computer of the cluster: its clock, its disk, and the actors that share its fate. */
export class SimNode implements Premises {
  readonly index: number;
  readonly name: string;
  /** It never crashes or pauses, and no partition cuts it off. */
  readonly stable: boolean;
  readonly clock = new NodeClock();
  readonly disk: Disk;
  readonly actors: SimActor[] = [];
  up = true;
  /** Nothing happens on it. */
  paused = false;
  /** Its timers end, but no message passes. */
  blocked = false;
  /** What came while it was paused or blocked. */
  backlog: Happening[] = [];
  /** What its actors said while it was blocked. */
  unsaid: (() => void)[] = [];
  readonly #host: Host;
  /** Faults in force that keep it down, that pause it, that block it, and that change its clock's rate. */
  #down = 0;
  #pauses = 0;
  #blocks = 0;
  readonly #drifts: number[] = [];
  /** The end of the sync in progress. */
  #sync: Happening | undefined;

  constructor(index: number, name: string, stable: boolean, host: Host, disk?: DiskOptions) {
    this.index = index;
    this.name = name;
    this.stable = stable;
    this.#host = host;
    this.disk = new Disk(streamOf(host.seed, 'disk', name), disk);
  }

  write(actor: number, changes: readonly DurableChange[]): number {
    if (this.disk.full > 0) {
      // It halts until the fault that fills its disk is over: `roomAgain` lets go of what is held here.
      this.crash('the disk is full');
      return 0;
    }
    const record = this.disk.write(actor, changes);
    if (!this.disk.busy) this.#beginSync();
    return record;
  }

  /** A sync has ended. */
  synced(happening: Happening): void {
    if (happening !== this.#sync) return;
    this.#sync = undefined;
    for (const { actor, changes } of this.disk.end()) {
      if (this.#host.recorder) this.actors.find(({ index }) => index === actor)?.traceDurable(changes);
    }
    if (this.disk.hasWaiting) this.#beginSync();
    for (const actor of this.actors) actor.release();
  }

  /** One more reason to be down. */
  hold(reason: string): void {
    this.#down++;
    this.crash(reason);
  }

  /** One reason less to be down. */
  letGo(): void {
    this.#down--;
    this.restart();
  }

  crash(reason: string): void {
    if (!this.up) return;
    this.up = false;
    this.#sync = undefined;
    const lost = this.disk.crash();
    const suffix = lost > 0 ? `; ${lost} unsynced ${lost === 1 ? 'write is' : 'writes are'} lost` : '';
    this.#host.recorder?.record(millis(this.#host.now), this.name, { type: 'crash', reason: `${reason}${suffix}` });
    for (const { envelope } of this.backlog) {
      if (envelope) this.#host.recorder?.drop(millis(this.#host.now), envelope, 'stopped');
    }
    this.backlog = [];
    this.unsaid = [];
    for (const actor of this.actors) actor.crash();
  }

  /** Whether it is down, and nothing holds it there. */
  get mayRestart(): boolean {
    return !this.up && this.#down === 0 && this.disk.full === 0;
  }

  /** Starts again, unless something holds it down. */
  restart(): void {
    if (!this.mayRestart) return;
    this.up = true;
    for (const actor of this.actors) {
      actor.start();
      // A disk that is full again halts the whole node in the middle of its start.
      if (!this.up) return;
    }
  }

  pause(timers: 'stop' | 'run' = 'stop'): void {
    if (timers === 'stop') this.#pauses++;
    else this.#blocks++;
    this.#wait();
  }

  /** Returns what came meanwhile when it goes on, after letting out what its actors said. */
  resume(timers: 'stop' | 'run' = 'stop'): readonly Happening[] {
    if (timers === 'stop') this.#pauses--;
    else this.#blocks--;
    this.#wait();
    if (this.paused || this.blocked) return [];
    const { backlog, unsaid } = this;
    this.backlog = [];
    this.unsaid = [];
    for (const say of unsaid) say();
    return backlog;
  }

  #wait(): void {
    this.paused = this.#pauses > 0;
    this.blocked = this.#blocks > 0;
  }

  skew(drift: number, jumpMs: number): void {
    this.#drifts.push(drift);
    this.#adjust(micros(jumpMs));
  }

  unskew(drift: number): void {
    this.#drifts.splice(this.#drifts.indexOf(drift), 1);
    this.#adjust(0);
  }

  #adjust(jump: Micros): void {
    const drift = this.#drifts.reduce((sum, each) => sum + each, 0);
    this.clock.adjust(this.#host.now, Math.max(-0.9, drift), jump);
    for (const actor of this.actors) actor.adjustTimers();
  }

  #beginSync(): void {
    const { queue, now } = this.#host;
    this.#sync = new Happening('synced', now + this.disk.begin(), this.index);
    queue.push(this.#sync);
  }
}
