import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { durableChanges } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import type { Entry, RaftMessage } from '../messages.ts';
import { type Incoming, register } from './builders.ts';
import { Cluster, type Happening, Historian, type Letter } from './cluster.ts';
import { at } from './support.ts';

// scenarios/*.txt: a line after `> ` is a command, the lines below it what came of it. To write the traces anew, after a change
// that is understood: UPDATE_SCENARIOS=1 pnpm vitest machines/src/raft/test/scenarios

const folder = join(import.meta.dirname, 'scenarios');

const COMMANDS = `
cluster N [maxEntries=N]   a new cluster of n1 … nN
log NODE TERM…             a node's log at the start, before \`start\`; its term is the last
start                      starts the servers
timeout NODE               its election timeout runs out
heartbeat NODE             its heartbeat interval runs out
register NODE              a client registers
propose NODE WORD [N]      a client's command, with sequence number N (1), as client 2
deliver [WHICH]            delivers until no such message is left
deliver1 [WHICH]           delivers the oldest such message
drop [WHICH]               loses such messages
duplicate [WHICH]          doubles the oldest such message
isolate [NODE…]            cuts these nodes off, and no others
crash NODE · restart NODE
state                      all servers, each on a line
WHICH is links, as n1-n2 (both ways) or n1>n2, and beginnings of message types, as RequestVote.
`;

const terms = (entries: Iterable<Entry>) =>
  [...entries]
    .map((entry) => (entry.kind === 'command' ? `${entry.term}:${entry.command}` : `${entry.term}`))
    .join(' ');

const fields = (message: Incoming | RaftMessage): string =>
  Object.entries(message)
    .filter(([key]) => key !== 'type')
    .map(([key, value]) => `${key}=${key === 'entries' ? `[${terms(value as Entry[])}]` : shown(value)}`)
    .join(' ');
const shown = (value: unknown) =>
  typeof value === 'string' && value.startsWith('raft@') ? who(value) : JSON.stringify(value);
const messageText = (message: Incoming | RaftMessage) => `${message.type} ${fields(message)}`.trim();
const who = (address: string) => (address.startsWith('raft@') ? address.slice(5) : address);

/** One step as a few lines: what came in, what changed, what went out. */
function describeStep(
  { node, server, cause, outcome: { before, after, sends, emits } }: Happening,
  role: string,
): string[] {
  const durable = durableChanges(['currentTerm', 'votedFor', 'log'], { ...before }, { ...after }) ?? [];
  const lines = [
    typeof cause === 'string' ? `${node}: ${cause}` : `${node} <- ${who(cause.from)} ${messageText(cause.message)}`,
  ];
  if (server.role !== role) lines.push(`  ${role} -> ${server.role}`);
  for (const { field } of durable) {
    const value =
      field === 'log' ? terms(after.log) : field === 'votedFor' ? who(after.votedFor ?? 'none') : after.currentTerm;
    lines.push(`  ${field} ${value}`);
  }
  if (before.commitIndex !== after.commitIndex) lines.push(`  commitIndex ${after.commitIndex}`);
  for (const emit of emits) {
    if (emit.type === 'leaderChanged') lines.push(`  leader ${who(emit.leader ?? 'none')}`);
    else lines.push(...emit.entries.map(({ index, response }) => `  applied ${index} -> ${JSON.stringify(response)}`));
  }
  return [...lines, ...sends.map(({ to, message }) => `  -> ${who(to)} ${messageText(message)}`)];
}

/** Which letters a command means: all, or those on the named links and of the named types. */
function matching(args: readonly string[]): (letter: Letter) => boolean {
  const types = args.filter((arg) => /^[A-Z]/.test(arg));
  const links = args.filter((arg) => /[->]/.test(arg));
  const pairs = links.flatMap((link) => {
    const [a, b] = link.split(/[->]/).map((node) => at(node));
    return link.includes('>') ? [`${a} ${b}`] : [`${a} ${b}`, `${b} ${a}`];
  });
  return ({ from, to, message }) =>
    (links.length === 0 || pairs.includes(`${from} ${to}`)) &&
    (types.length === 0 || types.some((type) => message.type.startsWith(type)));
}

class Scenario {
  #cluster: Cluster | undefined;
  #historian = new Historian();
  #options: { size: number; maxEntries?: number; durable: Record<string, { log: number[] }> } = {
    size: 3,
    durable: {},
  };
  #lines: string[] = [];
  #roles = new Map<string, string>();

  /** What `command` comes to, as text. */
  run(command: string): string[] {
    this.#lines = [];
    const [name = '', ...args] = command.split(' ');
    this.#do(name, args);
    if (this.#cluster) this.#historian.check(this.#cluster);
    return this.#lines;
  }

  #do(name: string, args: readonly string[]): void {
    const [node = '', ...rest] = args;
    if (name === 'cluster') {
      const maxEntries = /maxEntries=(\d+)/.exec(rest.join(' '))?.[1];
      this.#options = { size: Number(node), durable: {}, ...(maxEntries ? { maxEntries: Number(maxEntries) } : {}) };
    } else if (name === 'log') this.#options.durable[node] = { log: rest.map(Number) };
    else if (name === 'start') this.#cluster = new Cluster({ ...this.#options, watch: (step) => this.#watch(step) });
    else if (this.#cluster) this.#drive(this.#cluster, name, node, args);
    else throw new Error(`"${name}" before "start". The commands are:${COMMANDS}`);
  }

  #drive(cluster: Cluster, name: string, node: string, args: readonly string[]): void {
    const which = matching(args);
    const oldest = cluster.network.findIndex((letter) => which(letter));
    if (name === 'timeout') cluster.timeout(node);
    else if (name === 'heartbeat') cluster.heartbeat(node);
    else if (name === 'register') cluster.ask(node, register);
    else if (name === 'propose') {
      const sequenceNum = Number(args[2] ?? 1);
      cluster.ask(node, { type: 'ClientRequest', clientId: 2, sequenceNum, answeredBelow: 0, command: args[1] });
    } else if (name === 'deliver') cluster.settle(which);
    else if (name === 'deliver1') cluster.deliver(oldest);
    else if (name === 'duplicate') cluster.duplicate(oldest);
    else if (name === 'drop') {
      const lost = cluster.network.filter(which);
      this.#lines.push(...lost.map(({ from, to, message }) => `lost: ${who(from)} -> ${who(to)} ${message.type}`));
      cluster.drop(which);
    } else if (name === 'isolate') cluster.isolate(...args);
    else if (name === 'crash') cluster.crash(node);
    else if (name === 'restart') {
      cluster.restart(node);
      this.#roles.delete(node);
    } else if (name === 'state') this.#lines.push(...cluster.nodes.map((each) => this.#state(cluster, each)));
    else throw new Error(`no command "${name}". The commands are:${COMMANDS}`);
  }

  #watch(step: Happening): void {
    this.#historian.watch(step);
    this.#lines.push(...describeStep(step, this.#roles.get(step.node) ?? 'follower'));
    this.#roles.set(step.node, step.server.role);
  }

  #state(cluster: Cluster, node: string): string {
    const { role, context } = cluster.server(node);
    const { currentTerm, votedFor, log, commitIndex } = context;
    const now = cluster.isUp(node) ? role : 'down';
    return `${node} ${now} term=${currentTerm} votedFor=${who(votedFor ?? 'none')} commitIndex=${commitIndex} log=[${terms(log)}]`;
  }
}

/** The scenario with its traces written anew; comments, commands and blank lines stay. */
function replay(text: string): string {
  const scenario = new Scenario();
  const lines = text.split('\n').filter((line) => line === '' || /^[>#]/.test(line));
  return lines.flatMap((line) => (line.startsWith('> ') ? [line, ...scenario.run(line.slice(2))] : [line])).join('\n');
}

describe('scenarios', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.txt'));

  it('are there', () => expect(files.length).toBeGreaterThan(3));

  it.each(files)('%s', (file) => {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    const now = replay(text);
    if (process.env.UPDATE_SCENARIOS) writeFileSync(path, now);
    else expect(now).toBe(text);
  });

  it.each(['deliver', 'cluster 3\nstart\nfly n1'])('refuse a command that makes no sense: %j', (commands) => {
    expect(() => replay(commands.replaceAll(/^/gm, '> '))).toThrow(/The commands are/);
  });
});
