import { cut, describeState, SynodError, type TraceRecord } from '@synod/protocol';
import { mermaidText, Names } from './mermaid-text.ts';
import { dropText, eventName, eventText } from './text.ts';

export interface SequenceOptions {
  /** A participant for each actor (default), or one for each node. */
  readonly by?: 'actor' | 'node';
  /** The longest diagram; default 50,000 characters, the most that Mermaid draws unless its `maxTextSize` says otherwise. */
  readonly characters?: number;
}

/** Characters of a label: fields beyond do not fit beside an arrow. */
const LABEL = 80;
const MOST = 50_000;

/**
 * A trace as a Mermaid sequence diagram: an arrow for each message that its receiver took up, at that time; `-x` for one that was lost;
 * notes for states as they change, for what is no message (timers, requests), for crashes and for what an actor tells its embedder.
 * @throws SynodError `EXPORT_TOO_LONG`, which names the record up to which it would fit.
 */
export function mermaidSequence(records: Iterable<TraceRecord>, options: SequenceOptions = {}): string {
  const { by = 'actor', characters = MOST } = options;
  const diagram = new Sequence(by);
  let count = 0;
  for (const record of records) {
    diagram.add(record);
    if (diagram.length > characters) throw tooLong(characters, count);
    count++;
  }
  return diagram.text();
}

const tooLong = (characters: number, fits: number): SynodError =>
  new SynodError(
    'EXPORT_TOO_LONG',
    `The sequence diagram would be longer than the ${characters} characters that Mermaid draws; ${fits} of the records fit: choose fewer, by range, actor or node.`,
    { details: { characters, fits } },
  );

class Sequence {
  readonly #by: 'actor' | 'node';
  readonly #participants: string[] = [];
  readonly #names = new Names();
  readonly #body: string[] = [];
  readonly #states = new Map<string, string>();
  #length = 'sequenceDiagram'.length;

  constructor(by: 'actor' | 'node') {
    this.#by = by;
  }

  /** Characters so far. */
  get length(): number {
    return this.#length;
  }

  text(): string {
    return ['sequenceDiagram', ...this.#participants, ...this.#body].join('\n');
  }

  add(record: TraceRecord): void {
    switch (record.type) {
      case 'spawn':
        this.#states.set(record.actor, describeState(record.state));
        return this.#note(
          record.actor,
          `${record.recovered ? 'recovers' : 'starts'} as ${describeState(record.state)}`,
        );
      case 'receive':
        if (record.from !== undefined && record.id !== undefined)
          return this.#arrow('->>', record.from, record.actor, eventText(record.event));
        return this.#note(record.actor, eventText(withoutTime(record.event)));
      case 'transition':
        return this.#transition(record.actor, describeState(record.state));
      case 'drop':
        if (record.from !== undefined && record.to !== undefined)
          return this.#arrow('-x', record.from, record.to, `${record.message ?? '?'} (${record.reason})`);
        return this.#ofNode(record.node, dropText(record));
      case 'emit':
        return this.#note(record.actor, `tells ${eventText(record.event)}`);
      case 'crash': {
        const text = `crashes${record.reason ? `, ${record.reason}` : ''}`;
        return record.actor === undefined ? this.#ofNode(record.node, text) : this.#note(record.actor, text);
      }
      case 'restart':
        return this.#note(record.actor, 'starts again');
      case 'stop':
        return this.#note(record.actor, 'stops');
      case 'note':
        return record.actor === undefined
          ? this.#ofNode(record.node, record.text)
          : this.#note(record.actor, record.text);
      default:
        // Timers are told when they fire, messages when they are taken up.
        return;
    }
  }

  #transition(actor: string, state: string): void {
    if (this.#states.get(actor) === state) return;
    this.#states.set(actor, state);
    this.#note(actor, state);
  }

  #arrow(kind: '->>' | '-x', from: string, to: string, text: string): void {
    this.#push(`  ${this.#participant(from)}${kind}${this.#participant(to)}: ${labelOf(text)}`);
  }

  #note(actor: string, text: string): void {
    this.#push(`  Note over ${this.#participant(actor)}: ${labelOf(text)}`);
  }

  /** What a whole node does stands over each of its actors so far, and over the node where it has none. */
  #ofNode(node: string, text: string): void {
    const actors = [...this.#states.keys()].filter((actor) => nodeOfAddress(actor) === node);
    const over = this.#by === 'node' || actors.length === 0 ? [node] : actors;
    for (const each of over) this.#note(each, text);
  }

  #participant(address: string): string {
    const shown = this.#by === 'node' ? nodeOfAddress(address) : address;
    const before = this.#names.size;
    const name = this.#names.of(shown);
    if (this.#names.size > before) {
      const line = `  participant ${name} as ${mermaidText(shown)}`;
      this.#participants.push(line);
      this.#length += line.length + 1;
    }
    return name;
  }

  #push(line: string): void {
    this.#body.push(line);
    this.#length += line.length + 1;
  }
}

const labelOf = (text: string): string => mermaidText(cut(text, LABEL));

const nodeOfAddress = (address: string): string => address.slice(address.indexOf('@') + 1);

/** The end of a delay carries nothing but its name. */
const withoutTime = (event: { readonly type: string }): { readonly type: string } =>
  eventName(event.type) === event.type ? event : { type: event.type };
