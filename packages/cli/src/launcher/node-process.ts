import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SynodError } from '@synod/protocol';
import type { FromNode, NodeConfig, ToNode } from './messages.ts';

/** A node's process, as its launcher sees it. */
export interface NodeProcess {
  readonly pid: number | undefined;
  readonly isUp: boolean;
  /** Whether it is held by SIGSTOP. */
  readonly isPaused: boolean;
  /** Of its last life: where it listened. */
  readonly transportUrl: string | undefined;
  readonly apiUrl: string | undefined;
  /** Why it is down, in words. */
  readonly ended: string | undefined;
}

export interface NodeProcessEvents {
  leader(leader: string | null, term: number): void;
  /** The process ended without being asked to, or was killed. */
  exited(why: string): void;
}

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

/** Milliseconds a process has to stop in good order before it is killed. */
const GRACE_MS = 5_000;

/** Starts, stops and kills the operating-system process of one node. */
export class ManagedNode implements NodeProcess {
  transportUrl: string | undefined;
  apiUrl: string | undefined;
  ended: string | undefined;
  readonly #events: NodeProcessEvents;
  #child: ChildProcess | undefined;
  #stopping = false;
  #paused = false;

  constructor(events: NodeProcessEvents) {
    this.#events = events;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isUp(): boolean {
    return this.#child !== undefined;
  }

  get isPaused(): boolean {
    return this.isUp && this.#paused;
  }

  /**
   * Starts the process and waits until it serves. Rejects with the coded error that it failed with.
   * Its output goes where ours goes; it ignores Ctrl-C, which is for the launcher to act on.
   */
  start(config: NodeConfig): Promise<void> {
    const child = fork(MAIN, ['node'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child = child;
    this.#stopping = false;
    this.#paused = false;
    this.ended = undefined;
    let failure: SynodError | undefined;
    const ready = new Promise<void>((resolve, reject) => {
      child.on('message', (message: FromNode) => {
        if (message.type === 'ready') {
          ({ transportUrl: this.transportUrl, apiUrl: this.apiUrl } = message);
          resolve();
        } else if (message.type === 'leader') this.#events.leader(message.leader, message.term);
        else failure = new SynodError(message.code, message.message);
      });
      child.on('error', () => {});
      child.on('exit', (code, signal) => {
        this.#child = undefined;
        this.ended = failure?.message ?? (signal ? `ended by ${signal}` : `ended with exit code ${code}`);
        reject(failure ?? new SynodError('NODE_DIED', `The process of ${config.node} ${this.ended} while it started.`));
        if (!this.#stopping) this.#events.exited(this.ended);
      });
    });
    this.tell({ type: 'start', config });
    return ready;
  }

  tell(message: ToNode): void {
    // A process that has just died is told nothing; its end is told to us.
    if (this.#child?.connected) this.#child.send(message, () => {});
  }

  pause(): void {
    if (process.platform === 'win32')
      throw new SynodError('CONTROL_UNSUPPORTED', 'Windows cannot hold a process; kill it and restart it instead.');
    this.#child?.kill('SIGSTOP');
    this.#paused = true;
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
    this.#paused = false;
  }

  /** Ends the process in good order, by force if it takes too long. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const exited = this.#exited();
    if (this.#paused) this.resume();
    this.tell({ type: 'stop' });
    const force = setTimeout(() => this.#child?.kill('SIGKILL'), GRACE_MS);
    await exited;
    clearTimeout(force);
  }

  /** Ends the process as `kill -9` does. */
  async kill(): Promise<void> {
    const exited = this.#exited();
    this.#child?.kill('SIGKILL');
    await exited;
  }

  #exited(): Promise<void> {
    const child = this.#child;
    return child ? new Promise((resolve) => void child.once('exit', () => resolve())) : Promise.resolve();
  }
}
