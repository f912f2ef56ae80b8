import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SynodError } from '@synod/protocol';
import type { Sees } from './managed-cluster.ts';
import type { FromWorker, ToWorker, WorkerAct, WorkerConfig } from './member-messages.ts';

export interface MemberWorkerEvents {
  sees(node: string, sees: Sees): void;
  /** A member ended without being asked to. */
  ended(node: string, why: string): void;
  /** The process ended without being asked to, and all its members with it. */
  exited(why: string): void;
}

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

/** Milliseconds a process has to stop in good order before it is killed. */
const GRACE_MS = 5_000;

interface Waiting {
  readonly resolve: (url: string | null) => void;
  readonly reject: (error: unknown) => void;
}

/** A process that holds many members, as its launcher sees it. Started when first asked for something. */
export class MemberWorker {
  readonly #config: WorkerConfig;
  readonly #events: MemberWorkerEvents;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #stopping = false;
  #id = 0;

  constructor(config: WorkerConfig, events: MemberWorkerEvents) {
    this.#config = config;
    this.#events = events;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Has it do something; resolves with the URL of a member that was started. Rejects with its coded error, or `NODE_DIED`. */
  ask(act: WorkerAct): Promise<string | null> {
    const child = this.#child ?? this.#begin();
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      tell(child, { type: 'ask', id, ask: act });
    });
  }

  /** Ends the process in good order, by force if it takes too long. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#stopping = true;
    const exited = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
    tell(child, { type: 'stop' });
    const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    await exited;
    clearTimeout(force);
  }

  /** Ends the process at once. */
  kill(): void {
    this.#stopping = true;
    this.#child?.kill('SIGKILL');
  }

  #begin(): ChildProcess {
    const child = fork(MAIN, ['members'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child = child;
    this.#stopping = false;
    child.on('message', (message: FromWorker) => this.#heed(message));
    child.on('error', () => {});
    child.on('exit', (code, signal) => {
      this.#child = undefined;
      const why = signal ? `its process was ended by ${signal}` : `its process ended with exit code ${code}`;
      for (const { reject } of this.#waiting.values())
        reject(new SynodError('NODE_DIED', `The process that holds the member was ended; restart the member.`));
      this.#waiting.clear();
      if (!this.#stopping) this.#events.exited(why);
    });
    tell(child, { type: 'begin', config: this.#config });
    return child;
  }

  #heed(message: FromWorker): void {
    if (message.type === 'sees') return this.#events.sees(message.node, message.sees);
    if (message.type === 'ended') return this.#events.ended(message.node, message.why);
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'done') waiting?.resolve(message.url);
    else waiting?.reject(new SynodError(message.code, message.message));
  }
}

/** A process that has just died is told nothing; its end is told to us. */
function tell(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message, () => {});
}
