import type { EventObject } from 'xstate';
import type { ActorPath, Expectation } from './test-case.ts';

/**
 * What a generated test drives: a machine under XState, or through an adapter of one's own a class, an HTTP service or a page. Only `start`
 * and `observe` are needed; a test that calls for what is not there fails and says so.
 */
export interface Implementation {
  start(input: unknown): void | Promise<void>;
  send?(event: EventObject): void | Promise<void>;
  /** Lets time pass, in milliseconds: virtual time wherever the implementation can. */
  wait?(ms: number): void | Promise<void>;
  done?(actor: ActorPath, output: unknown): void | Promise<void>;
  fail?(actor: ActorPath, error: unknown): void | Promise<void>;
  relay?(actor: ActorPath, event: EventObject): void | Promise<void>;
  next?(actor: ActorPath, value: unknown): void | Promise<void>;
  /** What there is to see since the last look. Expectations about fields that it leaves out are not judged; `state` should be there. */
  observe(): Expectation | Promise<Expectation>;
  stop?(): void | Promise<void>;
}

/** Makes an implementation for one test. */
export type Adapter = () => Implementation | Promise<Implementation>;
