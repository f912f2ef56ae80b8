import { defineProtocol } from '@synod/protocol';
import { swimMachine } from './machine.ts';
import * as messages from './messages.ts';
import { swimProperties } from './properties.ts';

/** SWIM, as its hosts need to know it. */
export const swimProtocol = defineProtocol({
  name: 'swim',
  machine: swimMachine,
  messages: {
    Ping: messages.ping,
    Ack: messages.ack,
    PingReq: messages.pingReq,
    Nack: messages.nack,
    PushPull: messages.pushPull,
    PushPullReply: messages.pushPullReply,
    Refusal: messages.refusal,
  },
  durable: ['incarnation'],
  properties: swimProperties,
});
