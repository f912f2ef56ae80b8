import type { ActorView, World } from '../../src/subject.ts';

/** A world of which only the context is looked at. */
export const worldOf = (context: unknown): World => ({
  key: '',
  status: 'active',
  output: undefined,
  error: undefined,
  value: {},
  context,
  actors: [],
  timers: [],
});

export const actorOf = (path: string, kind: ActorView['kind'] = 'promise', src = path): ActorView => ({
  path,
  kind,
  src,
  input: undefined,
});
