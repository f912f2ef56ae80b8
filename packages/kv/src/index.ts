export { createKvClient, type KvClient, type KvClientOptions, type KvClientWrite } from './client/client.ts';
export type { KvChange, KvFilter } from './feed.ts';
export { createKvServer, type KvServer, type KvServerOptions } from './http/server.ts';
export { MAX_KEY_BYTES, MAX_VALUE_BYTES } from './limits.ts';
export {
  createKvNode,
  type KvLeader,
  type KvNode,
  type KvNodeOptions,
  type KvOptions,
  type KvStatus,
  type KvWriteOptions,
} from './node.ts';
export type { KvSession } from './requests.ts';
export { type KvCommand, type KvEntry, type KvResponse, type KvState, kvCommand, kvStore } from './store.ts';
