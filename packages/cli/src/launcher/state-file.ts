import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeIssues, SynodError } from '@synod/protocol';
import * as v from 'valibot';

/** Below the data directory: what a cluster is, for good. */
const CONFIG = 'config.json';
/** Below the data directory: how to reach the cluster while it runs. */
const STATE = 'cluster.json';

const config = v.strictObject({ version: v.literal(1), cluster: v.string(), nodes: v.pipe(v.number(), v.integer()) });
export type ClusterConfig = v.InferOutput<typeof config>;

const state = v.strictObject({
  version: v.literal(1),
  cluster: v.string(),
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  control: v.strictObject({ url: v.pipe(v.string(), v.url()), token: v.string() }),
  /** Each node's HTTP API. */
  apis: v.record(v.string(), v.pipe(v.string(), v.url())),
});
export type ClusterState = v.InferOutput<typeof state>;

/**
 * Creates the data directory if need be, and checks that it belongs to a cluster of this name and size.
 * @throws SynodError `DATA_DIRECTORY_UNUSABLE`, `DATA_DIRECTORY_CORRUPT`, `STORAGE_FOREIGN` or `NODES_CHANGED`.
 */
export async function claimDirectory(directory: string, wanted: ClusterConfig): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new SynodError(
      'DATA_DIRECTORY_UNUSABLE',
      `${directory} cannot be used as data directory (${codeOf(cause)}); choose another with --data.`,
      { cause },
    );
  }
  const known = await read(join(directory, CONFIG), config);
  if (!known) return writeWhole(join(directory, CONFIG), wanted);
  if (known.cluster !== wanted.cluster) {
    throw new SynodError(
      'STORAGE_FOREIGN',
      `${directory} holds the cluster "${known.cluster}", not "${wanted.cluster}"; choose another directory with --data, or --cluster ${known.cluster}.`,
    );
  }
  if (known.nodes !== wanted.nodes) {
    throw new SynodError(
      'NODES_CHANGED',
      `${directory} holds a cluster of ${known.nodes} nodes; its membership cannot be changed yet, so run it with --nodes ${known.nodes}, or choose another directory with --data.`,
    );
  }
}

/**
 * The running cluster of a data directory; undefined when there is none, or only what a killed launcher left.
 * @throws SynodError `DATA_DIRECTORY_CORRUPT`.
 */
export async function readState(directory: string): Promise<ClusterState | undefined> {
  const known = await read(join(directory, STATE), state);
  return known && isAlive(known.pid) ? known : undefined;
}

/** Written so that only its owner can read it: it holds the control token. */
export const writeState = (directory: string, running: ClusterState): Promise<void> =>
  writeWhole(join(directory, STATE), running);

export const removeState = (directory: string): Promise<void> => rm(join(directory, STATE), { force: true });

async function read<T>(file: string, schema: v.GenericSchema<unknown, T>): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new SynodError(
      'DATA_DIRECTORY_UNUSABLE',
      `${file} cannot be read (${codeOf(cause)}); choose another directory with --data.`,
      { cause },
    );
  }
  const result = v.safeParse(schema, parse(text));
  if (result.success) return result.output;
  throw new SynodError(
    'DATA_DIRECTORY_CORRUPT',
    `${file} is damaged (${describeIssues(flat(result.issues))}); move it away to have it written anew, the data beside it stays as it is.`,
  );
}

const flat = (issues: readonly v.BaseIssue<unknown>[]) => issues.map(({ message }) => ({ message }));

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Replaces a file as a whole, so that a crash leaves the old one or the new one. */
async function writeWhole(file: string, content: object): Promise<void> {
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown error';
