import { defineProtocol } from '@synod/protocol';
import { detectorMachine } from './machine.ts';
import * as messages from './messages.ts';
import { detectorProperties } from './properties.ts';

/** One process as another sees it, for hosts. Nothing needs to survive: who starts again trusts, and learns. */
export const detectorProtocol = defineProtocol({
  name: 'heartbeat-detector',
  machine: detectorMachine,
  messages: { Heartbeat: messages.heartbeat, Suspicion: messages.suspicion, Withdrawal: messages.withdrawal },
  properties: detectorProperties,
});
