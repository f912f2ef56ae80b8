import { TextDecoder } from 'node:util';
import { valueInvalid, valueTooLarge } from '../errors.ts';
import { requestInvalid } from './problem.ts';

/**
 * Reads a request's body as UTF-8, giving up as soon as it is larger than `maxBytes`.
 * @throws SynodError `KV_VALUE_TOO_LARGE`, `KV_VALUE_INVALID`, or `KV_REQUEST_INVALID` when the client breaks off.
 */
export async function readText({ headers, body }: Request, maxBytes: number): Promise<string> {
  if (Number(headers.get('content-length') ?? 0) > maxBytes) throw valueTooLarge(maxBytes);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  let size = 0;
  for await (const chunk of chunks(body)) {
    size += chunk.byteLength;
    if (size > maxBytes) throw valueTooLarge(maxBytes);
    text += decode(decoder, chunk);
  }
  return text + decode(decoder);
}

async function* chunks(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw requestInvalid();
      });
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw valueInvalid();
  }
}
