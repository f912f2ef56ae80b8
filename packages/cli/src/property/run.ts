import { randomInt } from 'node:crypto';
import { relative, resolve } from 'node:path';
import { type Explored, encodePropertyReplay, explore, recordPropertyReplay } from '@synod/testgen';
import { writeText } from '../files/files.ts';
import { interruptible } from '../interrupt.ts';
import { count, EXIT, type Output } from '../output.ts';
import { progressOf } from '../progress.ts';
import { describeExplored } from './describe.ts';
import type { PropertyCommandOptions } from './options.ts';
import { type Source, sourceOf } from './source.ts';

const LARGEST_SEED = 2 ** 31;

/** Explores a machine. Returns the exit status. */
export async function runProperty(machine: string, options: PropertyCommandOptions, output: Output): Promise<number> {
  const seed = options.seed ?? randomInt(LARGEST_SEED);
  const source = await sourceOf(machine, seed, options);
  const { runs, length, real = false, errors, path } = options;
  output.remark(`${source.subject.machine.id}: ${runs} runs of at most ${length} steps, seed ${seed}`);
  const begun = performance.now();
  const explored = await interruptible(async (signal) => {
    const progress = progressOf(output, runs, 'runs');
    try {
      return await explore(
        source.subject,
        {
          ...{ runs, length, seed, real },
          // A protocol's own assertions refuse what no host would let in, and hosts keep its durable fields and no snapshots.
          errors: errors && !source.isProtocol,
          roundTrip: options.roundTrip && !source.isProtocol,
          properties: source.properties,
          payloads: source.payloads,
          ...(path !== undefined && { path: String(path) }),
        },
        {
          signal,
          onProgress: (now) => progress.update(now.runs, `${count(now.worlds)} worlds, ${count(now.steps)} steps`),
        },
      );
    } finally {
      progress.stop();
    }
  });
  const wallSeconds = (performance.now() - begun) / 1_000;
  const replay = save(machine, source, explored, options, output);
  output.result(describeExplored(explored, wallSeconds), {
    machine: source.subject.machine.id,
    module: machine,
    ...explored,
    failure: explored.failure ?? null,
    replay: replay ?? null,
    wallSeconds,
  });
  if (explored.failure) return EXIT.failed;
  return explored.complete ? EXIT.ok : EXIT.unknown;
}

/** Writes the replay file of a failure, and says where. Returns the path. */
function save(
  module: string,
  { subject: { machine } }: Source,
  { failure, seed }: Explored,
  { save: wanted, real = false, role, properties }: PropertyCommandOptions,
  output: Output,
): string | undefined {
  if (!failure || wanted === false) return undefined;
  const path = resolve(typeof wanted === 'string' ? wanted : `synod-property-${fileName(machine.id)}-${seed}.json`);
  const place = { ...(role !== undefined && { role }), ...(properties !== undefined && { properties }) };
  const about = { module, machine: machine.id, seed, real, ...place };
  writeText(path, encodePropertyReplay(recordPropertyReplay(about, failure)));
  const shown = relative('', path);
  output.remark(`Saved ${shown}. See it: synod replay ${shown}`);
  return path;
}

/** An id may hold what no file's name can. */
const fileName = (id: string): string =>
  id.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'machine';
