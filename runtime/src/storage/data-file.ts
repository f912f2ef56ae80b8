import { closeSync, constants, fsyncSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

const MIN_GROWTH = 1024 * 1024;
const MAX_GROWTH = 16 * 1024 * 1024;

/**
 * Keeps the data file longer than LMDB needs it, by writing zeros past its end. So a full disk shows here, before a commit
 * begins and without harm to it, and commits rarely have to change the file's size.
 */
export class Reserve {
  readonly #file: FileHandle;
  readonly #maxBytes: number;
  #size: number;

  private constructor(file: FileHandle, size: number, maxBytes: number) {
    this.#file = file;
    this.#size = size;
    this.#maxBytes = maxBytes;
  }

  static async open(path: string, maxBytes: number): Promise<Reserve> {
    const file = await open(path, 'r+');
    return new Reserve(file, (await file.stat()).size, maxBytes);
  }

  /** Makes the file at least `bytes` long. Throws the system's error, or ENOSPC beyond the limit. */
  async ensure(bytes: number): Promise<void> {
    if (bytes <= this.#size) return;
    if (bytes > this.#maxBytes) throw Object.assign(new Error('the limit maxBytes is reached'), { code: 'ENOSPC' });
    this.#size = (await this.#file.stat()).size;
    const growth = Math.min(MAX_GROWTH, Math.max(MIN_GROWTH, Math.floor(this.#size / 4)));
    const target = Math.min(this.#maxBytes, Math.max(bytes, this.#size + growth));
    const zeros = Buffer.alloc(Math.min(MAX_GROWTH, Math.max(0, target - this.#size)));
    while (this.#size < target) {
      const { bytesWritten } = await this.#file.write(
        zeros,
        0,
        Math.min(zeros.length, target - this.#size),
        this.#size,
      );
      this.#size += bytesWritten;
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/**
 * Remembers, apart from the data file, which transaction was acknowledged last: if the data file ever stands at an earlier
 * one, acknowledged writes are lost. Not synced, as it may lag behind; it never runs ahead of the data file.
 */
export class Witness {
  readonly #fd: number;
  readonly #record = Buffer.alloc(12);

  constructor(path: string) {
    this.#fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  }

  /** The last transaction noted; 0 when there is none that can be read. */
  read(): number {
    const record = Buffer.alloc(12);
    if (readSync(this.#fd, record, 0, 12, 0) < 12) return 0;
    return crc32(record.subarray(0, 8)) === record.readUInt32LE(8) ? record.readDoubleLE(0) : 0;
  }

  note(transaction: number): void {
    this.#record.writeDoubleLE(transaction, 0);
    this.#record.writeUInt32LE(crc32(this.#record.subarray(0, 8)), 8);
    writeSync(this.#fd, this.#record, 0, 12, 0);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Renames a file so that the new name, and the file under it, survive a power failure. */
export function renameDurably(from: string, to: string, directory: string): void {
  syncPath(from);
  renameSync(from, to);
  syncDirectory(directory);
}

/** Makes durable which files a directory has. Windows cannot, and does not have to. */
export function syncDirectory(directory: string): void {
  if (process.platform !== 'win32') syncPath(directory);
}

function syncPath(path: string): void {
  const fd = openSync(path, process.platform === 'win32' ? 'r+' : 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
