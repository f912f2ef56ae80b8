import { SynodError } from '@synod/protocol';

/** Well above the largest value: what is longer need not be read to its end to be refused. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * The standard input as a value.
 * @throws SynodError `KV_VALUE_INVALID` for bytes that are no UTF-8, `KV_VALUE_TOO_LARGE`.
 */
export async function readInput(input: AsyncIterable<Buffer> = process.stdin): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BYTES)
      throw new SynodError('KV_VALUE_TOO_LARGE', 'The standard input is too large for a value; write less.');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new SynodError(
      'KV_VALUE_INVALID',
      'The standard input is not UTF-8 text; encode bytes, for example as base64.',
      { cause },
    );
  }
}
