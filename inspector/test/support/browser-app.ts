import { createWebSocketReceiver } from '@xstate/inspect';
import { createActor, createMachine } from 'xstate';
import { createSynodInspector } from '../../src/apps/inspector.ts';

// An app as it runs in a browser, and a receiver of @xstate/inspect beside it; the addresses come in the page's own.

const given = new URLSearchParams((globalThis as unknown as { location: { search: string } }).location.search);
const machine = createMachine({
  id: 'door',
  initial: 'closed',
  states: { closed: { on: { OPEN: 'open' } }, open: {} },
});
const inspect = createSynodInspector({ url: given.get('app') ?? '', name: 'tab', acceptEvents: true });
const actor = createActor(machine, { inspect }).start();
const receiver = createWebSocketReceiver({ server: given.get('receiver') ?? '', serialize: undefined });
const received: string[] = [];
receiver.subscribe((event) => {
  received.push(`${event.type} ${event.sessionId}`);
  if (event.type !== 'service.register') return;
  const sent = { name: 'OPEN', data: { type: 'OPEN' }, $$type: 'scxml', origin: event.sessionId };
  receiver.send({ type: 'xstate.event', event: JSON.stringify(sent), service: event.sessionId });
});
Object.assign(globalThis, { seen: () => ({ state: actor.getSnapshot().value, received }) });
