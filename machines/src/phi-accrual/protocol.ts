import { defineProtocol } from '@synod/protocol';
import { phiMachine } from './machine.ts';
import { heartbeat } from './messages.ts';
import { phiProperties } from './properties.ts';

/** The φ accrual detector, for hosts. Nothing needs to survive: who starts again learns anew. */
export const phiProtocol = defineProtocol({
  name: 'phi-accrual',
  machine: phiMachine,
  messages: { Heartbeat: heartbeat },
  properties: phiProperties,
});
