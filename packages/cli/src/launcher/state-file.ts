import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
  /** What runs; of an earlier version of this program always `kv`. */
  kind: v.optional(v.picklist(['kv', 'swim']), 'kv'),
  cluster: v.string(),
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  control: v.strictObject({ url: v.pipe(v.string(), v.url()), token: v.string() }),
  /** Each node's HTTP API. */
  apis: v.record(v.string(), v.pipe(v.string(), v.url())),
});
export type ClusterState = v.InferOutput<typeof state>;

/**
 * Creates the data directory if need be, and checks that a cluster of this name and size may live there.
 * @throws SynodError `DATA_DIRECTORY_UNUSABLE`, `DATA_DIRECTORY_CORRUPT`, `STORAGE_FOREIGN` or `NODES_CHANGED`.
 */
export async function checkDirectory(directory: string, wanted: ClusterConfig): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw unusable(directory, cause);
  }
  const known = await read(join(directory, CONFIG), config);
  if (!known) return;
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

/** Makes a directory that was checked this cluster's for good. @throws SynodError `DATA_DIRECTORY_UNUSABLE`. */
export const writeConfig = (directory: string, wanted: ClusterConfig): Promise<void> =>
  replaceFile(join(directory, CONFIG), wanted);

/**
 * What the state file says, whether or not that cluster still runs.
 * @throws SynodError `DATA_DIRECTORY_CORRUPT`, `DATA_DIRECTORY_UNUSABLE`.
 */
export const readState = (directory: string): Promise<ClusterState | undefined> => read(join(directory, STATE), state);

/**
 * Writes the state file unless there is one; returns whether there was none.
 * Only its owner can read it: it holds the control token.
 * @throws SynodError `DATA_DIRECTORY_UNUSABLE`.
 */
export const createState = (directory: string, running: ClusterState): Promise<boolean> =>
  createFile(join(directory, STATE), running);

/** Replaces the state file. @throws SynodError `DATA_DIRECTORY_UNUSABLE`. */
export const writeState = (directory: string, running: ClusterState): Promise<void> =>
  replaceFile(join(directory, STATE), running);

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
const replaceFile = (file: string, content: object): Promise<void> =>
  withDraft(file, content, (draft) => rename(draft, file));

/** Creates a file as a whole; false if it was there. */
const createFile = (file: string, content: object): Promise<boolean> =>
  withDraft(file, content, async (draft) => {
    try {
      await link(draft, file);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
  });

async function withDraft<T>(file: string, content: object, use: (draft: string) => Promise<T>): Promise<T> {
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(draft, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
    return await use(draft);
  } catch (cause) {
    throw unusable(dirname(file), cause);
  }
}

const unusable = (directory: string, cause: unknown): SynodError =>
  new SynodError(
    'DATA_DIRECTORY_UNUSABLE',
    `${directory} cannot be used as data directory (${codeOf(cause)}); choose another with --data.`,
    { cause },
  );

export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown error';
