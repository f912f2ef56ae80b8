import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LOCK, LOCK_WRONG } from './support/lock.ts';
import { refused } from './support/refused.ts';
import { begin, emptyDirectory, synod } from './support/synod.ts';

const QUIET = ['--seconds', '5', '--faults', 'delay'];

async function sim(...args: string[]) {
  const { code, out, err } = await synod('sim', ...args, '--json');
  return { code, err, json: (out === '' ? {} : JSON.parse(out)) as Record<string, unknown> };
}

describe('synod sim', () => {
  it('tells of a run as JSON; the same seed gives the same run', async () => {
    const { code, json } = await sim(LOCK, '--seed', '42', '--nodes', '4', ...QUIET);
    expect(json).toMatchObject({
      ...{ protocol: 'lock', simulation: 'cluster', seed: 42, nodes: 4, violations: [], complete: true, replay: null },
      ...{ steps: expect.any(Number), simulatedSeconds: expect.any(Number), faults: { delay: 'medium' } },
    });
    expect(json.simulatedSeconds).toBeGreaterThanOrEqual(5);
    expect(code).toBe(0);
    const { wallSeconds: _, ...first } = json;
    const { wallSeconds: __, ...again } = (await sim(LOCK, '--seed', '42', '--nodes', '4', ...QUIET)).json;
    expect(again).toEqual(first);
  });

  it('draws a seed where none is given, and prints it', async () => {
    const { out, err, code } = await synod('sim', LOCK, ...QUIET);
    const [, seed] = out.match(/^seed (\d+): /) ?? [];
    expect(err).toContain(`seed ${seed}`);
    expect(code).toBe(0);
  });

  it('shrinks and saves a failing run, and says where: status 1', async () => {
    const file = join(await emptyDirectory(), 'found.json');
    const { code, out, err } = await synod('sim', LOCK_WRONG, '--seed', '1', ...QUIET, '--save', file);
    expect(out).toMatch(/✗ Mutual Exclusion \(always\) at \d+ ms/);
    expect(err).toMatch(/Made smaller: .* 3 nodes, .* → 0 faults, 2 nodes/);
    expect(err).toMatch(/Saved .*found\.json\. See it: synod replay .*found\.json --module .*lock-wrong\.mjs/);
    expect(code).toBe(1);
    const saved = JSON.parse(await readFile(file, 'utf8'));
    expect(saved).toMatchObject({ format: 'synod-replay', seed: 1, nodes: 2, schedule: [] });
    const repeated = await synod('replay', file, '--module', LOCK_WRONG, '--json');
    expect(JSON.parse(repeated.out)).toMatchObject({ repeats: true, difference: null });
  });

  it('saves a failing run as it was with --no-shrink, and none with --no-save', async () => {
    const directory = await emptyDirectory();
    const file = join(directory, 'found.json');
    await synod('sim', LOCK_WRONG, '--seed', '1', ...QUIET, '--save', file, '--no-shrink');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ nodes: 3 });
    const { json, code } = await sim(LOCK_WRONG, '--seed', '1', ...QUIET, '--no-save');
    expect([json.replay, code]).toEqual([null, 1]);
    expect(await readdir(directory)).toEqual(['found.json']);
  });

  it('runs a mutant', async () => {
    const { json, code } = await sim(LOCK, '--mutant', 'grants-always', '--seed', '3', ...QUIET, '--no-save');
    expect(json).toMatchObject({ mutant: 'grants-always', violations: [{ property: 'Mutual Exclusion' }] });
    expect(code).toBe(1);
  });

  it('follows a schedule that was written by hand, and writes the trace', async () => {
    const directory = await emptyDirectory();
    const [schedule, trace] = [join(directory, 'schedule.json'), join(directory, 'run.trace')];
    await writeFile(schedule, JSON.stringify([{ kind: 'pause', atMs: 100, forMs: 50, nodes: ['n1'] }]));
    const { json } = await sim(LOCK, '--seed', '5', '--seconds', '1', '--schedule', schedule, '--trace', trace);
    expect(json).toMatchObject({ seed: 5, schedule: [{ kind: 'pause', atMs: 100 }], violations: [] });
    const lines = (await readFile(trace, 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ format: 'synod-trace', about: { protocol: 'lock', seed: 5 } });
    expect(lines.filter((line) => line.includes('pause for 50 ms')).length).toBeGreaterThan(0);
    const { out, code } = await synod('replay', trace, '--last', '5');
    expect(out).toMatch(/⋮ \d+ rows before/);
    expect(code).toBe(0);
  });

  it('lists protocols, simulations and mutants', async () => {
    const { json, code } = await sim();
    expect(json).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'multi-paxos' })]));
    expect(code).toBe(0);
  });
});

describe('synod sim with many seeds', () => {
  it('tells of failing seeds and of transitions that none took, the first saved: status 1', async () => {
    const file = join(await emptyDirectory(), 'found.json');
    const seeds = ['--seeds', '1..6', '--workers', '2', '--save', file];
    const { code, out } = await synod('sim', LOCK_WRONG, ...seeds, ...QUIET);
    expect(out).toMatch(/^seeds 1\.\.6: 6 runs, .* \(\d+ a second\)\./);
    expect(out).toMatch(/server: 1 of 2 transitions taken, never:\n {2}server\.serving {2}Release/);
    expect(out).toMatch(/✗ 6 failing seeds:\n {2}Mutual Exclusion: 1, 2, 3, 4, 5, 6/);
    expect(code).toBe(1);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ seed: 1 });
  });

  it('is JSON on request', async () => {
    const { json, code } = await sim(LOCK, '--seeds', '10..13', ...QUIET);
    expect(json).toMatchObject({
      runs: 4,
      of: 4,
      complete: true,
      failing: [],
      violations: [],
      seeds: { from: 10, to: 13 },
    });
    expect(json).toMatchObject({ steps: expect.any(Number), simulatedSeconds: expect.any(Number) });
    expect(code).toBe(0);
  });

  it('prints at Ctrl-C what is known so far: status 3', async () => {
    const { child, ended, saw } = begin(['sim', LOCK, '--seeds', '1..1000000', '--faults', 'delay', '--seconds', '20']);
    await saw(/runs · [\d,]+ simulated s\/s · \d+\/5 of transitions · 0 failing/);
    child.kill('SIGINT');
    const { code, out } = await ended;
    expect(out).toMatch(/^seeds 1\.\.1000000: [\d,]+ of 1,000,000 runs/);
    expect(out).toContain('✓ no seed failed');
    expect(code).toBe(3);
  });
});

it('synod sim of one long run prints at Ctrl-C its seed, at least: status 3', async () => {
  const { child, ended, saw } = begin(['sim', LOCK, '--seed', '9', '--faults', 'delay', '--minutes', '10000']);
  await saw(/seed 9/);
  child.kill('SIGINT');
  const { code, out } = await ended;
  expect(out).toMatch(/^seed 9: stopped by Ctrl-C after/);
  expect(code).toBe(3);
});

describe('bad input to synod sim gets one sentence and exit status 2', () => {
  it.each([
    { args: ['nope'], says: /USAGE: There is no protocol "nope"/ },
    { args: [LOCK, '--simulation', 'nope'], says: /SIMULATION_INVALID: .*"nope"; give one of cluster/ },
    { args: [LOCK, '--nodes', '9'], says: /USAGE: Simulation "cluster" takes 1 to 5 nodes, not 9/ },
    { args: [LOCK, '--clients', '1'], says: /USAGE: .*takes 0 to 0 clients, not 1/ },
    { args: [LOCK, '--faults', 'sharks'], says: /FAULT_UNKNOWN: There is no fault "sharks"; name some of drop/ },
    { args: [LOCK, '--faults', 'crash:much'], says: /FAULT_UNKNOWN: "crash:much"/ },
    { args: [LOCK, '--mutant', 'nope'], says: /USAGE: lock has no mutant "nope"; choose one of grants-always/ },
    { args: [LOCK, '--seed', 'x'], says: /--seed.*whole number/ },
    { args: [LOCK, '--minutes', '0'], says: /--minutes.*number above 0/ },
    { args: [LOCK, '--minutes', '1', '--seconds', '1'], says: /Give --minutes or --seconds, not both/ },
    { args: [LOCK, '--seeds', '9..1'], says: /SEEDS_INVALID: "9\.\.1" is no range of seeds; write 1\.\.1000/ },
    { args: [LOCK, '--seeds', 'all'], says: /SEEDS_INVALID: "all"/ },
    { args: [LOCK, '--seeds', '1..2', '--seed', '1'], says: /Give --seed or --seeds, not both/ },
    { args: [LOCK, '--seeds', '1..2', '--trace', 'x'], says: /Give --trace or --seeds, not both/ },
    { args: [LOCK, '--schedule', '/nowhere.json'], says: /FILE_UNREADABLE: \/nowhere.json .*ENOENT/ },
  ])('synod sim $args', async ({ args, says }) => {
    const { status, says: said } = await refused('sim', ...args);
    expect(said).toMatch(says);
    expect(status).toBe(2);
  });

  it('a trace that cannot be written', async () => {
    const { code, err } = await synod('sim', LOCK, '--seconds', '1', '--trace', '/proc/no/file');
    expect(err).toMatch(/error FILE_UNWRITABLE: \/proc\/no\/file/);
    expect(code).toBe(2);
  });

  it.each([
    { what: 'no JSON', text: '[{', says: /error SCHEDULE_INVALID: The fault schedule .* is not JSON/ },
    {
      what: 'a fault without its time',
      text: '[{"kind":"crash","forMs":1,"nodes":["n1"]}]',
      says: /SCHEDULE_INVALID: .*atMs/,
    },
    {
      what: 'a node that does not exist',
      text: '[{"kind":"crash","atMs":1,"forMs":1,"nodes":["n9"]}]',
      says: /error SCHEDULE_INVALID: .*names node "n9", which is not of the cluster; its nodes are .*n1/,
    },
  ])('a schedule with $what', async ({ text, says }) => {
    const file = join(await emptyDirectory(), 'schedule.json');
    await writeFile(file, text);
    const { code, err } = await synod('sim', LOCK, '--schedule', file);
    expect(err).toMatch(says);
    expect(code).toBe(2);
  });
});
