import { type Address, nodeOf, type TraceRecord, VIEWER_LIMITS } from '@synod/protocol';
import { type Misfit, Mismatch } from './misfit.ts';
import { NotJudged, type Unseen } from './not-judged.ts';
import { ActorTrack } from './replay/actor.ts';
import { NodeTrack } from './replay/node.ts';
import { type Flying, nodeOfId, numberOf, Post } from './replay/post.ts';
import { checkId, checkNode, isService, messageOf, promisesOf } from './replay/records.ts';
import { partOf, type Scene } from './replay/scene.ts';
import type { Restored } from './trace/restore.ts';
import type { Judged, Summary, ValidatorOptions, Verdict } from './verdict.ts';

/** Judges a trace, record by record. */
export class Validator {
  readonly #scene: Scene;
  readonly #post: Post;
  readonly #nodes = new Map<string, NodeTrack>();
  readonly #actors = new Map<Address, ActorTrack>();
  readonly #notJudged = new NotJudged();
  readonly #counts = { records: 0, lives: 0, steps: 0, messages: 0, durableWrites: 0, recoveries: 0, timers: 0 };
  /** Nodes whose trace is at its end. */
  readonly #ended = new Set<string>();
  #misfit: Misfit | undefined;

  constructor(judged: Judged | readonly Judged[], options: ValidatorOptions = {}) {
    const { transport = {}, header, limits = VIEWER_LIMITS, maxInFlight = 100_000 } = options;
    const protocols = (Array.isArray(judged) ? (judged as readonly Judged[]) : [judged as Judged]).flatMap((each) =>
      'roles' in each ? Object.values(each.roles) : [each],
    );
    this.#scene = {
      parts: new Map(protocols.map((protocol) => [protocol.name, partOf(protocol)])),
      promises: { fifo: true, once: true, prompt: true, byReference: false, ...promisesOf(header), ...transport },
      limits: header ? (header.recording?.changed ?? {}) : limits,
      isCut: header !== undefined,
    };
    this.#post = new Post(this.#scene.promises, maxInFlight);
  }

  /** The first step that does not fit; from then on nothing is judged. */
  get misfit(): Misfit | undefined {
    return this.#misfit;
  }

  /** Judges the next record. `opaque` names what of it a file could not keep. Returns the misfit, if there is one. */
  next(record: TraceRecord, opaque: Restored['opaque'] = []): Misfit | undefined {
    if (this.#misfit) return this.#misfit;
    this.#counts.records++;
    try {
      this.#judge(record, opaque);
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      const { told, machine, allowed, actor } = error.facts;
      this.#misfit = {
        code: error.code,
        message: error.message,
        record: this.#counts.records,
        node: record.node,
        seq: record.seq,
        at: record.at,
        ...(actor !== undefined && { actor }),
        ...(told !== undefined && { told }),
        ...(machine !== undefined && { machine }),
        ...(allowed !== undefined && { allowed }),
      };
    }
    return this.#misfit;
  }

  /** The traces of these nodes are at their end: what others know of them beyond it need not be there. */
  end(nodes: Iterable<string>): void {
    for (const node of nodes) this.#ended.add(node);
  }

  /** The verdict on all records so far. */
  verdict(): Verdict {
    const { records, ...counts } = this.#counts;
    const summary: Summary = {
      records,
      nodes: [...this.#nodes.keys()].sort(),
      actors: [...this.#actors.keys()].sort(),
      ...counts,
      notJudged: this.#notJudged.lines,
    };
    return { valid: !this.#misfit, ...(this.#misfit && { misfit: this.#misfit }), summary };
  }

  #judge(record: TraceRecord, opaque: Restored['opaque']): void {
    const node = this.#nodes.get(record.node) ?? new NodeTrack(record);
    const isNew = !this.#nodes.has(record.node);
    if (!isNew && node.isNewLife(record)) this.#nodeEnds(record.node);
    const message = messageOf(record);
    node.check(record, message && this.#known(message)?.clock, message !== undefined);
    this.#nodes.set(record.node, node);
    this.#checkOthers(record);
    this.#dispatch(record, opaque);
  }

  /** Nobody knows more of a node than the node itself. */
  #checkOthers({ node, clock, seq }: TraceRecord): void {
    for (const [other, count] of Object.entries(clock)) {
      const own = other === node || this.#ended.has(other) ? undefined : this.#nodes.get(other)?.own;
      if (own !== undefined && count > own)
        throw new Mismatch(
          'CLOCK_DIFFERS',
          `The clock of record ${seq} of ${node} counts ${count} events of ${other}, which has had ${own}.`,
        );
    }
  }

  #dispatch(record: TraceRecord, opaque: Restored['opaque']): void {
    switch (record.type) {
      case 'spawn':
        return this.#spawn(record, opaque);
      case 'send':
        return this.#send(record);
      case 'deliver':
        return this.#deliver(record);
      case 'drop':
        return this.#drop(record);
      case 'crash':
        if (record.actor === undefined) return this.#nodeEnds(record.node, record.reason);
        return this.#at(record)?.crash(record.reason, true);
      case 'note':
        return;
      default:
        return this.#ofActor(record, opaque);
    }
  }

  #ofActor(
    record: Exclude<TraceRecord, { type: 'spawn' | 'send' | 'deliver' | 'drop' | 'crash' | 'note' }>,
    opaque: Restored['opaque'],
  ): void {
    const actor = this.#at(record);
    if (!actor) return;
    switch (record.type) {
      case 'receive':
        return this.#receive(actor, record, opaque);
      case 'transition':
        this.#counts.steps++;
        return actor.transition(record);
      case 'timer.set':
        this.#counts.timers++;
        return actor.timerSet(record);
      case 'timer.cancelled':
        return actor.timerCancelled(record);
      case 'timer.fired':
        return actor.fired(record);
      case 'durable':
        this.#counts.durableWrites++;
        return actor.durable(record);
      case 'emit':
        return actor.emit(record.event);
      case 'restart':
        return actor.restart();
      case 'stop':
        return actor.stop();
    }
  }

  #spawn(record: Extract<TraceRecord, { type: 'spawn' }>, opaque: Restored['opaque']): void {
    const { actor: address, protocol, input } = record;
    checkNode(record.node, address);
    const part = this.#scene.parts.get(protocol);
    // Of a birth the input is enough: the rest comes of the machine.
    const lacks = opaque.filter((each) => each.startsWith(input ? 'input.' : 'context.'));
    if (!part || lacks.length > 0) {
      this.#actors.delete(address);
      const why = part ? `the file could not keep ${lacks.join(', ')}` : `"${protocol}" is not among the machines`;
      this.#notJudged.actor(address, why);
      return;
    }
    this.#notJudged.known(address);
    const known = this.#actors.get(address);
    const actor = known?.part === part ? known : new ActorTrack(address, part, this.#scene);
    actor.spawn(record);
    this.#actors.set(address, actor);
    this.#counts.lives++;
    if (record.recovered) this.#counts.recoveries++;
    if (!input) this.#notJudged.partial();
  }

  #send(record: Extract<TraceRecord, { type: 'send' }>): void {
    const { id, from, to, message, clock, node } = record;
    checkNode(node, from);
    if (id !== `${node}:${clock[node]}`)
      throw new Mismatch(
        'CLOCK_DIFFERS',
        `Message ${id} of ${from} is numbered by ${node}'s count, which is ${clock[node]}.`,
      );
    const own = this.#at({ actor: from })?.say({ kind: 'send', to, message });
    const isShared = own?.kind === 'send' && (this.#scene.promises.byReference || nodeOf(to) === node);
    this.#counts.messages++;
    this.#post.send({ id, from, to, message: isShared ? own.message : message, clock, isShared });
  }

  #deliver(record: Extract<TraceRecord, { type: 'deliver' }>): void {
    const { id, from, to, message: type } = record;
    checkNode(record.node, to);
    checkId(id, from);
    const message = this.#post.arrive(id, from, to, type);
    if (!message) this.#notSeen(id, to);
    // What it holds is told when it is taken up.
    const actor = this.#actors.get(to);
    if (message && actor && !this.#notJudged.has(to)) actor.mailbox.add(message);
  }

  #drop({ node, id, from, to, message: type }: Extract<TraceRecord, { type: 'drop' }>): void {
    if (id === undefined) return;
    const arrived = to !== undefined && nodeOf(to) === node;
    // The sender's side gives up what may have arrived all the same.
    if (arrived && this.#actors.get(to)?.mailbox.lose(id)) return;
    const message = this.#post.find(id);
    if (!message) return;
    this.#post.match(message, from, to, type);
    if (arrived && nodeOf(message.from) !== node) this.#post.lose(id);
  }

  #receive(actor: ActorTrack, record: Extract<TraceRecord, { type: 'receive' }>, opaque: Restored['opaque']): void {
    if (opaque.length > 0) {
      // Its machine took up what nobody can give it again.
      this.#actors.delete(actor.address);
      this.#notJudged.actor(
        actor.address,
        `from record ${this.#counts.records} on: the file could not keep ${opaque.join(', ')}`,
      );
      return;
    }
    const { id } = record;
    if (id !== undefined && record.from !== undefined) checkId(id, record.from);
    actor.receive(record, id !== undefined && this.#mayBeUnseen(id) !== undefined);
  }

  /** The actor of a record; undefined for one that is not judged. */
  #at({ actor: address }: { readonly actor?: Address }): ActorTrack | undefined {
    if (address === undefined || this.#notJudged.has(address)) return undefined;
    const actor = this.#actors.get(address);
    if (actor) return actor;
    // A node's own addresses speak without being actors.
    if (!this.#nodes.get(nodeOf(address))?.complete || isService(address)) return undefined;
    throw new Mismatch('ACTOR_NOT_ALIVE', `${address} acts, and never came to life.`, { actor: address });
  }

  #nodeEnds(node: string, reason = 'the node ended without a word'): void {
    for (const actor of this.#actors.values()) if (nodeOf(actor.address) === node) actor.crash(reason, false);
  }

  #known({ id, to }: { readonly id: string; readonly to: Address | undefined }): Flying | undefined {
    return this.#post.find(id) ?? (to === undefined ? undefined : this.#actors.get(to)?.mailbox.find(id));
  }

  /** Why the sending of a message need not be in the trace; undefined if it must be. */
  #mayBeUnseen(id: string): Unseen | undefined {
    const sender = this.#nodes.get(nodeOfId(id));
    if (!sender) return 'node';
    if (sender.isUntold(numberOf(id))) return 'before';
    if (this.#ended.has(sender.name) && numberOf(id) > sender.own) return 'after';
    return this.#post.isForgotten(id) ? 'forgotten' : undefined;
  }

  #notSeen(id: string, to: Address): void {
    const why = this.#mayBeUnseen(id);
    if (why === undefined)
      throw new Mismatch('MESSAGE_NOT_SENT', `Message ${id} arrives at ${to}, and nobody sent it.`);
    this.#notJudged.message(id, why);
  }
}
