import type { ClientReply, ClientRequest, RegisterClientReply } from '@synod/machines/raft';
import { address, type Message, nextRandom, seedFrom } from '@synod/protocol';
import { type Clock, createSystem, type MemoryNetwork, type System } from '@synod/runtime';

/** A client that writes one unique entry after another, each until it is acknowledged, over any server that answers. */
export class Client {
  readonly acknowledged: string[] = [];
  done = false;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #network: MemoryNetwork;
  readonly #servers: readonly string[];
  #stopped = false;
  #random = 0;

  constructor(name: string, clock: Clock, network: MemoryNetwork, servers: readonly string[]) {
    this.#name = name;
    this.#clock = clock;
    this.#network = network;
    this.#servers = servers;
  }

  async run(commands: number, seed: number): Promise<void> {
    this.#random = seedFrom(`${this.#name} ${seed}`);
    const system = await createSystem({
      node: this.#name,
      clock: this.#clock,
      transport: this.#network.transport(),
      seed,
    });
    const session = await this.#insist<RegisterClientReply>(system, { type: 'RegisterClient' });
    for (let sequenceNum = 1; session?.status === 'OK' && sequenceNum <= commands; sequenceNum++) {
      const command = `${this.#name}-${sequenceNum}`;
      const request: ClientRequest = {
        type: 'ClientRequest',
        clientId: session.clientId,
        sequenceNum,
        answeredBelow: sequenceNum,
        command,
      };
      const reply = await this.#insist<ClientReply>(system, request);
      if (reply?.status === 'OK') this.acknowledged.push(command);
      else break;
    }
    this.done = true;
    await system.kill();
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Asks one server after another until one answers as leader. */
  async #insist<T extends RegisterClientReply | ClientReply>(system: System, message: Message): Promise<T | undefined> {
    while (!this.#stopped) {
      const reply = await system
        .ask<T>(address('raft', this.#server()), message, { timeoutMs: 200 })
        .catch(() => undefined);
      if (reply && reply.status !== 'NOT_LEADER') return reply;
      await new Promise<void>((resolve) => void this.#clock.setTimer(resolve, 20));
    }
    return undefined;
  }

  #server(): string {
    const [value, next] = nextRandom(this.#random);
    this.#random = next;
    return this.#servers[Math.floor(value * this.#servers.length)] as string;
  }
}
