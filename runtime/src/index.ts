export { type Clock, systemClock, type Timer } from './clock.ts';
export type { Storage } from './storage/storage.ts';
export type { Transport, TransportEvents } from './transport/transport.ts';
