import {
  asFields,
  asList,
  type DefinedState,
  type Definition,
  type Fields,
  findTarget,
  initialOf,
  isCompound,
  isCut,
  targetOf,
} from './definition.ts';

/** What a config is made for: to be drawn, or to find out which transitions lead where. */
export type Purpose =
  | { readonly for: 'chart' }
  /** Actions and invocations are left out, and each guard answers as `guard` says. */
  | { readonly for: 'inference'; readonly guard: () => boolean };

/** A definition as a config for XState's `createMachine`. */
export const configOf = (definition: Definition, purpose: Purpose): Fields =>
  new Writer(definition, purpose).state(definition.root);

/** The name under which what was cut is shown. */
const CUT = '[cut]';

class Writer {
  readonly #definition: Definition;
  readonly #purpose: Purpose;

  constructor(definition: Definition, purpose: Purpose) {
    this.#definition = definition;
    this.#purpose = purpose;
  }

  state(state: DefinedState): Fields {
    const { config, id } = state;
    const kind = kindOf(state);
    if (kind === 'history')
      return { id, type: kind, history: config.history === 'deep' ? 'deep' : 'shallow', ...this.#default(state) };
    const chart = this.#purpose.for === 'chart';
    return {
      id,
      ...(kind && { type: kind }),
      ...(isCompound(state) && kind !== 'parallel' && { initial: initialOf(state).key }),
      ...(isCompound(state) && {
        states: Object.fromEntries([...state.states].map(([key, child]) => [key, this.state(child)])),
      }),
      ...descriptionOf(config, state.isCut && 'some of its states were cut by the sender'),
      ...(chart && { entry: names(config.entry), exit: names(config.exit), tags: asList(config.tags).filter(isText) }),
      on: { ...this.#map(config.on, state), ...(chart ? {} : this.#answers(state)) },
      ...(chart && { invoke: this.#invocations(state) }),
      after: this.#map(config.after, state),
      ...(config.always !== undefined && { always: this.#transitions(config.always, state) }),
      ...(config.onDone !== undefined && isCompound(state) && { onDone: this.#transitions(config.onDone, state) }),
    };
  }

  #default(state: DefinedState): Fields {
    const target = this.#targets(state.config.target, state)[0];
    return target === undefined ? {} : { target };
  }

  #map(map: unknown, state: DefinedState): Fields {
    const entries = Object.entries(asFields(map)).filter(([event]) => event !== '__proto__');
    const cut = isCut(map) ? [[CUT, [{ description: 'cut by the sender' }]] as const] : [];
    return Object.fromEntries([
      ...entries.map(([event, list]) => [event, this.#transitions(list, state)] as const),
      ...cut,
    ]);
  }

  #invocations(state: DefinedState): Fields[] {
    return invocations(state).map(({ id, config }) => ({
      id,
      src: typeof config.src === 'string' ? config.src : 'inline',
      ...Object.fromEntries(
        ANSWERS.filter(({ field }) => config[field] !== undefined).map(({ field }) => [
          field,
          this.#transitions(config[field], state),
        ]),
      ),
    }));
  }

  /** The transitions of invocations, as those of the events that they are. */
  #answers(state: DefinedState): Fields {
    return Object.fromEntries(
      invocations(state).flatMap(({ id, config }) =>
        ANSWERS.filter(({ field }) => config[field] !== undefined).map(({ field, event }) => [
          `${event}.${id}`,
          this.#transitions(config[field], state),
        ]),
      ),
    );
  }

  #transitions(list: unknown, state: DefinedState): Fields[] {
    return asList(list).map((each) => {
      if (isCut(each)) return { description: 'cut by the sender' };
      const config = typeof each === 'string' ? { target: each } : asFields(each);
      const wanted = asList(config.target).filter(isText);
      const target = this.#targets(wanted, state);
      const isWhole = wanted.every((text) => findTarget(text, state, this.#definition)?.isWhole);
      const { guard } = config;
      return {
        ...(target.length > 0 && { target }),
        ...(config.reenter === true && { reenter: true }),
        ...(guard !== undefined && guard !== null && { guard: this.#guard(guard) }),
        ...(this.#purpose.for === 'chart' && { actions: names(config.actions) }),
        ...descriptionOf(config, !isWhole && `leads to ${wanted.join(', ')}, which was cut by the sender`),
      };
    });
  }

  #targets(wanted: unknown, state: DefinedState): string[] {
    return asList(wanted).flatMap((target) => {
      const found = typeof target === 'string' ? findTarget(target, state, this.#definition) : undefined;
      return found ? [targetOf(found.state, this.#definition)] : [];
    });
  }

  #guard(guard: unknown): unknown {
    return this.#purpose.for === 'chart' ? nameOf(guard) : this.#purpose.guard;
  }
}

const ANSWERS = [
  { field: 'onDone', event: 'xstate.done.actor' },
  { field: 'onError', event: 'xstate.error.actor' },
  { field: 'onSnapshot', event: 'xstate.snapshot' },
] as const;

/** What a state invokes, with the ids that XState gives where the author gave none. */
const invocations = ({ config, id }: DefinedState) =>
  asList(config.invoke)
    .filter((each) => !isCut(each))
    .map(asFields)
    .map((each, index) => ({ id: typeof each.id === 'string' ? each.id : `${index}.${id}`, config: each }));

/** What the actors of a machine's invocations run, by their ids. */
export function sourcesOf({ ids }: Definition): ReadonlyMap<string, string> {
  const all = [...ids.values()].flatMap(invocations);
  return new Map(all.flatMap(({ id, config: { src } }) => (isText(src) && !isCut(src) ? [[id, src] as const] : [])));
}

function kindOf({ config }: DefinedState): 'parallel' | 'final' | 'history' | undefined {
  const { type, history } = config;
  if (type === 'history' || (typeof history === 'string' && type === undefined) || history === true) return 'history';
  return type === 'parallel' || type === 'final' ? type : undefined;
}

function descriptionOf({ description }: Fields, remark: string | false): Fields {
  const parts = [description, remark].filter(isText);
  return parts.length > 0 ? { description: parts.join('; ') } : {};
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const names = (list: unknown): string[] => asList(list).map(nameOf);

/** An action or a guard by its name, whatever is left of it. */
function nameOf(part: unknown): string {
  if (isCut(part)) return CUT;
  const { type } = asFields(part);
  return isText(part) ? part : isText(type) ? type : 'inline';
}
