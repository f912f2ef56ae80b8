/** One event of a `text/event-stream`. */
export interface ServerSentEvent {
  /** `message` unless the server names it. */
  readonly event: string;
  /** The last id given up to here. */
  readonly id: string;
  readonly data: string;
}

/** UTF-16 units of one event at most: a value of 1 MiB whose every unit JSON must escape. */
const MAX_EVENT = 8_388_608;

/**
 * The events of a stream, by the rules of the HTML standard (9.2.6) for a server that ends lines with \n. `onChunk` sees
 * each sign of life, comments included. Ends when the stream does; throws what reading throws.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  onChunk: () => void,
): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let id = '';
  let rest: string[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onChunk();
      // A large event comes in many chunks: they are joined only where it ends.
      const chunk = decoder.decode(value, { stream: true });
      rest.push(chunk);
      length += chunk.length;
      if (length > MAX_EVENT) throw new RangeError('an event is too large');
      if (!chunk.includes('\n')) continue;
      const blocks = rest.join('').split('\n\n');
      const last = blocks.pop() as string;
      [rest, length] = [[last], last.length];
      for (const block of blocks) {
        const fields = fieldsOf(block);
        id = fields.id ?? id;
        if (fields.data !== undefined) yield { event: fields.event ?? 'message', id, data: fields.data };
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function fieldsOf(block: string): { event?: string; id?: string; data?: string } {
  const fields: { event?: string; id?: string; data?: string } = {};
  for (const line of block.split('\n')) {
    const [, name, value] = /^([a-z]+):? ?(.*)$/s.exec(line) ?? [];
    if (value === undefined) continue;
    if (name === 'data') fields.data = fields.data === undefined ? value : `${fields.data}\n${value}`;
    if (name === 'event' || name === 'id') fields[name] = value;
  }
  return fields;
}
