import { type Address, brief, describeEvent, nodeOf, type SimulationConfiguration } from '@synod/protocol';
import { describeFault, type Schedule } from '../faults.ts';
import type { SimNode } from '../node.ts';
import type { Happening } from '../queue.ts';
import { millis } from '../time.ts';
import type { World } from '../world.ts';

/** What a person may choose to happen next in the place of what a run would do. */
export type ChoiceKind = 'deliver' | 'drop' | 'timer' | 'sync' | 'request' | 'fault' | 'crash' | 'restart' | 'other';

/** One thing that may come next at a moment of a run. */
export interface SimulationChoice {
  /** Tells it apart from the others of its moment, for `Deviation.choice`; `next` is what the run does by itself, and no deviation. */
  readonly id: string;
  readonly kind: ChoiceKind;
  /** Where it happens; empty for a fault of the network. */
  readonly node: string;
  readonly text: string;
  /** When it would come by itself, and what is unusual of its coming now. */
  readonly detail?: string;
}

/** What the run does next by itself. */
export const NEXT = 'next';

/** All that may come next, soonest first: what the run does by itself is the first. */
export function choicesOf(
  world: World,
  { requests = [] }: SimulationConfiguration,
  schedule: Schedule,
): readonly SimulationChoice[] {
  const ahead = world.queue
    .all()
    .filter(({ kind }) => kind !== 'cancelled')
    .sort((a, b) => a.at - b.at || a.order - b.order);
  const told = new Telling(world, requests, schedule, ahead);
  const offered = ahead.flatMap((happening, place) => told.offers(happening, place === 0));
  const nodes = world.movable.map(({ name, up }): SimulationChoice => {
    const [kind, text] = up ? (['crash', `${name} crashes`] as const) : (['restart', `${name} starts again`] as const);
    return { id: `${kind}:${name}`, kind, node: name, text };
  });
  return [...offered, ...nodes.filter(({ kind, node }) => kind === 'crash' || world.node(node)?.mayRestart)];
}

/** Makes a choice happen now. False when it cannot. */
export function perform(world: World, { requests = [] }: SimulationConfiguration, choice: string): boolean {
  const colon = choice.indexOf(':');
  const [kind, which] = [choice.slice(0, colon), choice.slice(colon + 1)];
  if (kind === 'crash' || kind === 'restart') {
    const node = world.movable.find(({ name }) => name === which);
    if (!node || (kind === 'crash' ? !node.up : !node.mayRestart)) return false;
    world.note(node.name, 'FORK', `${node.name} ${kind === 'crash' ? 'crashes' : 'starts again'}: a person chose it`);
    if (kind === 'crash') node.crash('chosen by a person');
    else node.restart();
    return true;
  }
  const happening = world.queue.all().find(({ order }) => `${order}` === which);
  if (!happening || happening.kind === 'cancelled' || (kind !== 'take' && kind !== 'drop')) return false;
  if (kind === 'drop' && happening.kind !== 'deliver') return false;
  if (kind === 'take' && !mayComeNow(world, requests, happening)) return false;
  world.queue.remove(happening);
  const { name } = placeOf(world, requests, happening) ?? {};
  const what = kind === 'drop' ? 'this message is lost' : 'this comes before its time';
  world.note(name ?? world.nodes[0]?.name ?? '', 'FORK', `${what}: a person chose it`);
  if (kind === 'drop') world.lose(happening);
  else world.happen(happening);
  return true;
}

/** Only what is taken up at once: the end of a timer on a paused node is nothing to see. */
function mayComeNow(world: World, requests: Requests, happening: Happening): boolean {
  const { kind, target, source } = happening;
  const node = placeOf(world, requests, happening);
  if (!node?.up || node.paused) return false;
  if (kind === 'synced' || kind === 'request') return true;
  if (world.actors[target]?.ended) return false;
  return kind === 'timer' || source === node.index || (!node.blocked && !world.network.isCut(source, node.index));
}

type Requests = NonNullable<SimulationConfiguration['requests']>;

/** The node where something happens; undefined for a fault of the network. */
function placeOf(world: World, requests: Requests, { kind, target }: Happening): SimNode | undefined {
  if (kind === 'synced') return world.nodes[target];
  if (kind === 'request') return world.node(nodeOf(requests[target]?.to as Address));
  const actor = kind === 'deliver' || kind === 'timer' ? world.actors[target] : undefined;
  return actor && world.nodes[actor.premises.index];
}

class Telling {
  readonly #world: World;
  readonly #requests: Requests;
  readonly #schedule: Schedule;
  readonly #ahead: readonly Happening[];

  constructor(world: World, requests: Requests, schedule: Schedule, ahead: readonly Happening[]) {
    this.#world = world;
    this.#requests = requests;
    this.#schedule = schedule;
    this.#ahead = ahead;
  }

  offers(happening: Happening, isNext: boolean): readonly SimulationChoice[] {
    const { kind, order, at } = happening;
    const node = placeOf(this.#world, this.#requests, happening)?.name ?? '';
    const text = this.#text(happening);
    const wait = `${brief(Number(millis(at - this.#world.now).toFixed(3)))} ms`;
    const told = { kind: KINDS[kind] ?? 'other', node, text } as const;
    const offers: SimulationChoice[] = [];
    if (isNext) offers.push({ ...told, id: NEXT, detail: `the run's own next, in ${wait}` });
    else if (mayComeNow(this.#world, this.#requests, happening)) {
      const overtaken = kind === 'deliver' ? this.#overtaken(happening) : 0;
      const past = overtaken > 0 ? `; it overtakes ${overtaken} of its link` : '';
      offers.push({ ...told, id: `take:${order}`, detail: `by itself in ${wait}${past}` });
    }
    if (kind === 'deliver' && happening.source !== placeOf(this.#world, this.#requests, happening)?.index)
      offers.push({ id: `drop:${order}`, kind: 'drop', node, text: `${text} is lost` });
    return offers;
  }

  #text(happening: Happening): string {
    const { kind, target, message, from, id } = happening;
    const actor = this.#world.actors[target]?.address;
    switch (kind) {
      case 'deliver':
        return `${describeEvent(message ?? {})} from ${from} to ${actor}`;
      case 'timer':
        return `${plain(id ?? '')} of ${actor} ends`;
      case 'synced':
        return `${this.#world.nodes[target]?.name} ends a write to its disk`;
      case 'request': {
        const request = this.#requests[target];
        return `${request?.to} is asked for ${describeEvent(request?.event ?? {})}`;
      }
      case 'faultBegins':
      case 'faultEnds': {
        const fault = this.#schedule[target];
        const what = fault ? describeFault(fault) : 'a fault';
        return kind === 'faultBegins' ? what : `${what}: over`;
      }
      default:
        return 'a look at which node is the busiest';
    }
  }

  /** How many messages of its link would have come before it. */
  #overtaken({ source, target, at, order }: Happening): number {
    const node = (index: number) => this.#world.actors[index]?.premises.index;
    return this.#ahead.filter(
      (other) =>
        other.kind === 'deliver' &&
        other.source === source &&
        node(other.target) === node(target) &&
        (other.at < at || (other.at === at && other.order < order)),
    ).length;
  }
}

/** `xstate.after.electionTimeout.raft.follower` is `electionTimeout` to a reader. */
const plain = (timer: string): string => timer.replace(/^xstate\.after\.([^.]+)\..*$/, '$1');

const KINDS: Readonly<Record<string, ChoiceKind>> = {
  deliver: 'deliver',
  timer: 'timer',
  synced: 'sync',
  request: 'request',
  faultBegins: 'fault',
  faultEnds: 'fault',
};
