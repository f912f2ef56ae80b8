import type { SequentialObject } from '@synod/protocol';
import type { Operation, ReadsAndWrites } from '../../src/history/index.ts';

export type Input =
  | { readonly type: 'read'; readonly key: string }
  | { readonly type: 'write'; readonly key: string; readonly value: number };

/** Registers by key, each 0 at first. */
export const registers: SequentialObject<Readonly<Record<string, number>>, Input, number | undefined> = {
  initial: {},
  apply: (state, input) =>
    input.type === 'read' ? [state, state[input.key] ?? 0] : [{ ...state, [input.key]: input.value }, undefined],
  key: (input) => input.key,
};

export const memory: ReadsAndWrites = {
  initial: 0,
  access: (input, output) => {
    const asked = input as Input;
    return asked.type === 'read'
      ? { kind: 'read', key: asked.key, value: output }
      : { kind: 'write', key: asked.key, value: asked.value };
  },
};

/**
 * A history by clients, written as in the papers: `w(x)1`, `r(x)1`; a client's operations follow each other. `w(x)1@3-7` gives its time;
 * without one, the n-th operation of every client has the n-th moment, so that only program order counts. `w(x)1@3-` has no known outcome.
 */
export function history(clients: Readonly<Record<string, string>>): Operation[] {
  return Object.entries(clients).flatMap(([client, text]) =>
    text
      .trim()
      .split(/\s+/)
      .map((word, operation): Operation => {
        const match = /^([rw])\((\w+)\)(\d+)(?:@(\d+)-(\d*))?$/.exec(word);
        if (!match) throw new Error(`cannot read ${word}`);
        const [, kind, key = '', value, from, to] = match;
        const input: Input = kind === 'r' ? { type: 'read', key } : { type: 'write', key, value: Number(value) };
        const invokedAt = from === undefined ? operation * 2 : Number(from);
        const returnedAt = from === undefined ? operation * 2 + 1 : Number(to);
        if (to === '') return { client, operation, input, invokedAt, outcome: 'unknown' };
        const output = kind === 'r' ? Number(value) : undefined;
        return { client, operation, input, output, invokedAt, returnedAt, outcome: 'returned' };
      }),
  );
}

/** Operations as they are written in a history: `A w(x)1`. */
export const told = (operations: readonly Operation[]): string[] =>
  operations.map(({ client, input, output }) => {
    const asked = input as Input;
    return `${client} ${asked.type === 'read' ? `r(${asked.key})${output}` : `w(${asked.key})${asked.value}`}`;
  });
