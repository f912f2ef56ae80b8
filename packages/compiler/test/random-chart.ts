import fc from 'fast-check';
import { type AnyStateMachine, assign, createMachine, emit, raise } from 'xstate';

// Charts that nobody would draw: any shape of states, any transition between them.

interface Context {
  readonly count: number;
  readonly log: readonly string[];
}

type Args = { readonly context: Context };

export interface Shape {
  readonly isParallel: boolean;
  readonly isFinal: boolean;
  readonly children: readonly Shape[];
  readonly transitions: readonly Arrow[];
}

interface Arrow {
  readonly on: 'A' | 'B' | 'C.x' | 'C.*' | '*' | 'always' | 'after' | 'onDone';
  /** Taken modulo the number of states; without it, the transition has no target. */
  readonly target: number | undefined;
  readonly reenter: boolean;
  readonly guard: 'none' | 'even' | 'odd' | 'small';
  readonly raises: boolean;
}

const arrow: fc.Arbitrary<Arrow> = fc.record({
  on: fc.constantFrom('A', 'A', 'B', 'B', 'C.x', 'C.*', '*', 'always', 'after', 'onDone'),
  target: fc.option(fc.nat(30), { nil: undefined, freq: 5 }),
  reenter: fc.boolean(),
  guard: fc.constantFrom('none', 'none', 'even', 'odd', 'small'),
  raises: fc.boolean(),
});

const shapeOf = (children: fc.Arbitrary<Shape[]>): fc.Arbitrary<Shape> =>
  fc.record({
    isParallel: fc.boolean(),
    isFinal: fc.integer({ min: 0, max: 3 }).map((number) => number === 0),
    children,
    transitions: fc.array(arrow, { maxLength: 4 }),
  });

const leaf = shapeOf(fc.constant([]));
const branch = shapeOf(fc.array(leaf, { maxLength: 3 }));
const trunk = shapeOf(fc.array(fc.oneof(leaf, branch, branch), { minLength: 1, maxLength: 3 }));

export const shapes: fc.Arbitrary<Shape> = shapeOf(
  fc.array(fc.oneof(leaf, branch, trunk), { minLength: 1, maxLength: 4 }),
);

const GUARDS = {
  none: undefined,
  even: ({ context }: Args) => context.count % 2 === 0,
  odd: ({ context }: Args) => context.count % 2 === 1,
  // Ends loops of always.
  small: ({ context }: Args) => context.count < 12,
};

const note = (word: string) => [
  assign(({ context }: Args) => ({ count: context.count + 1, log: [...context.log.slice(-20), word] })),
  emit({ type: 'said', word }),
];

/** The machine of a shape; XState refuses some. */
export function machineOf(root: Shape): AnyStateMachine {
  const paths = pathsOf(root, 'r');
  const config = (shape: Shape, path: string): object => {
    const states = Object.fromEntries(
      shape.children.map((child, index) => [`s${index}`, config(child, `${path}-${index}`)]),
    );
    const isAtomic = shape.children.length === 0;
    const transition = ({ on, target, reenter, guard, raises }: Arrow, index: number) => ({
      ...(target === undefined ? {} : { target: `#${paths[target % paths.length]}` }),
      reenter,
      // Unguarded, these would go round for ever.
      guard: on === 'always' && guard !== 'small' ? ({ context }: Args) => context.count % 5 === index : GUARDS[guard],
      actions: [...note(`${path}:${on}`), ...(raises && guard === 'small' ? [raise({ type: 'B' })] : [])],
    });
    const all = shape.transitions.map((each, index) => [each.on, transition(each, index)] as const);
    const of = (on: Arrow['on']) => all.filter((each) => each[0] === on).map((each) => each[1]);
    const isFinal = isAtomic && shape.isFinal && path !== 'r';
    return {
      id: path,
      entry: note(`+${path}`),
      exit: note(`-${path}`),
      tags: path.length % 3 === 0 ? ['third', path] : [],
      ...(isFinal
        ? { type: 'final', output: ({ context }: Args) => context.count }
        : {
            on: Object.fromEntries((['A', 'B', 'C.x', 'C.*', '*'] as const).map((on) => [on, of(on)])),
            always: of('always'),
            after: { pause: of('after') },
            ...(isAtomic ? {} : { states, onDone: of('onDone') }),
            ...(isAtomic ? {} : shape.isParallel ? { type: 'parallel' } : { initial: 's0' }),
          }),
    };
  };
  const output = ({ context, event }: Args & { event: unknown }) => [context.count, event];
  return createMachine(
    { ...config(root, 'r'), context: { count: 0, log: [] }, output, options: { maxIterations: 30 } } as never,
    { delays: { pause: ({ context }: Args) => context.count } } as never,
  );
}

function pathsOf(shape: Shape, path: string): string[] {
  return [path, ...shape.children.flatMap((child, index) => pathsOf(child, `${path}-${index}`))];
}
