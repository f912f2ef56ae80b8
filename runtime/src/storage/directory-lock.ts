import { randomBytes } from 'node:crypto';
import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { errnoOf, storageLocked } from './storage-errors.ts';

/*
 * One process at a time may use a directory. The holder listens on a socket of its own below the directory and names it in
 * the file `lock`. The kernel closes that socket with the process, however it ends, so a lock whose socket refuses is left
 * over, and no process id has to be trusted: ids are used again, and mean nothing in another container.
 *
 * A left-over lock may be replaced only by whoever holds the claim on it, itself a lock, named after the dead holder. While
 * the claim is held nobody else replaces that lock, so it suffices to look once more whether it is still the dead one's.
 */

export interface DirectoryLock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly token: string;
}

/** The longest path of a socket on all systems, less the terminating null of the shortest. */
const MAX_SOCKET_PATH = 103;

/**
 * Locks `directory` for this process and this caller.
 * @throws SynodError `STORAGE_LOCKED` while another holds it; system errors as they are.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const me: Holder = { pid: process.pid, token: randomBytes(6).toString('hex') };
  const card = join(directory, `${me.token}.card`);
  const socket = new Socket(directory, me.token);
  await socket.listen();
  const release = async () => {
    const path = join(directory, 'lock');
    if (readHolder(path)?.token === me.token) unlinkSync(path);
    await socket.close();
  };
  try {
    writeFileSync(card, JSON.stringify(me), { mode: 0o600, flag: 'wx' });
    await take(directory, 'lock', me, card);
  } catch (error) {
    await release();
    throw error;
  } finally {
    rmSync(card, { force: true });
  }
  return { release };
}

/** Makes the file `name` the caller's, or throws `STORAGE_LOCKED`. */
async function take(directory: string, name: string, me: Holder, card: string): Promise<void> {
  const path = join(directory, name);
  for (;;) {
    try {
      return linkSync(card, path);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
    const holder = readHolder(path);
    if (!holder) continue;
    if (await isAlive(directory, holder)) throw storageLocked(directory, `process ${holder.pid}`);
    const claim = `${name}.${holder.token}`;
    await take(directory, claim, me, card);
    try {
      if (readHolder(path)?.token !== holder.token) continue;
      const copy = `${card}.copy`;
      linkSync(card, copy);
      renameSync(copy, path);
      rmSync(join(directory, `${holder.token}.sock`), { force: true });
      rmSync(join(directory, `${holder.token}.card`), { force: true });
      return;
    } finally {
      unlinkSync(join(directory, claim));
    }
  }
}

/** Who the lock file `path` names; undefined when there is none. One that a power failure emptied names a dead holder. */
function readHolder(path: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const [, pid, token] = /^\{"pid":(\d+),"token":"([0-9a-f]{12})"\}$/.exec(text) ?? [];
  return { pid: Number(pid ?? 0), token: token ?? 'unreadable' };
}

function isAlive(directory: string, { token }: Holder): Promise<boolean> {
  const [path, done] = reach(directory, token);
  return new Promise((resolve) => {
    const settle = (alive: boolean) => {
      client.destroy();
      done();
      resolve(alive);
    };
    const client = connect(path, () => settle(true));
    client.on('error', (error) => settle(!['ECONNREFUSED', 'ENOENT'].includes(errnoOf(error) ?? '')));
  });
}

/** A path by which the socket `token` can be reached, and what to call when that is done. */
function reach(directory: string, token: string): [path: string, done: () => void] {
  if (process.platform === 'win32') return [`\\\\?\\pipe\\synod-${token}`, () => {}];
  const path = join(directory, `${token}.sock`);
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH || process.platform !== 'linux') return [path, () => {}];
  const fd = openSync(directory, 'r');
  return [`/proc/self/fd/${fd}/${token}.sock`, () => closeSync(fd)];
}

class Socket {
  readonly #path: string;
  readonly #done: () => void;
  readonly #server: Server;

  constructor(directory: string, token: string) {
    [this.#path, this.#done] = reach(directory, token);
    this.#server = createServer((connection) => connection.destroy());
    // The lock must not keep the process alive.
    this.#server.unref();
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) => {
        this.#done();
        reject(error);
      });
      // Not shared between the workers of a cluster, which Node does by default.
      this.#server.listen({ path: this.#path, exclusive: true }, () => resolve());
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => {
        this.#done();
        resolve();
      });
    });
  }
}
