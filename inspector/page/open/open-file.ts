import { signal } from '@preact/signals';
import { connect, disconnect } from '../state/connection.ts';
import { append, beginRecording, pacer } from '../state/run.ts';
import { grown, loading, notice } from '../state/store.ts';
import { FileError, runIn } from './lines-of.ts';
import { isStandalone, openOwnRun } from './standalone.ts';

/** The name of the file that is shown, and how much of it has been read, from 0 to 1. */
export const openedFile = signal<{ readonly name: string; readonly share: number } | undefined>(undefined);

let opening = 0;

/** Shows the run in a file in the place of whatever the page showed. What is wrong with it is said in the page's notice. */
export async function openFile(file: File): Promise<void> {
  const mine = ++opening;
  const isOther = () => mine !== opening;
  disconnect();
  openedFile.value = { name: file.name, share: 0 };
  notice.value = undefined;
  try {
    await read(file, isOther);
  } catch (error) {
    if (isOther()) return;
    if (!(error instanceof FileError) && !(error instanceof DOMException)) throw error;
    const code = error instanceof FileError ? error.code : 'FILE_UNREADABLE';
    notice.value = { ok: false, text: `${code}: ${error.message}` };
    closeFile();
  } finally {
    if (!isOther()) loading.value = false;
  }
}

/** Back to what the server shows. */
export function closeFile(): void {
  opening++;
  openedFile.value = undefined;
  if (isStandalone) void openOwnRun();
  else connect();
}

async function read(file: File, isOther: () => boolean): Promise<void> {
  let isFirst = true;
  let bytes = 0;
  const breathe = pacer(() => (openedFile.value = { name: file.name, share: Math.min(1, bytes / file.size) }));
  for await (const { head, lines } of runIn(file)) {
    if (isOther()) return;
    if (isFirst) beginRecording({ ...head, about: { file: file.name, ...head.about } });
    isFirst = false;
    append(lines);
    for (const line of lines) bytes += line.length + 1;
    await breathe();
  }
  if (isOther()) return;
  grown();
}
