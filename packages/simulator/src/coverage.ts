import { type ChartState, chartOf, type Roles, type TransitionRef } from '@synod/protocol';
import type { Covered } from './host.ts';

/** Of one role's chart, the transitions that were taken, in the order of their names, and those that were not, in the chart's. */
export interface RoleCoverage {
  readonly taken: readonly TransitionRef[];
  readonly missing: readonly TransitionRef[];
}

/** What runs have shown of a specification. */
export interface Coverage {
  /** By role. */
  readonly transitions: Readonly<Record<string, RoleCoverage>>;
  /** By name of what should come about sometimes, whether it did. */
  readonly sometimes: Readonly<Record<string, boolean>>;
  /** What clients did. An operation that neither returned nor failed is open. */
  readonly operations: { readonly invoked: number; readonly returned: number; readonly failed: number };
}

/** Notes the transitions that the actors of each role take. */
export class TransitionCounter {
  readonly #taken: ReadonlyMap<string, Set<TransitionRef>>;
  readonly #roles: Roles;

  constructor(roles: Roles) {
    this.#roles = roles;
    this.#taken = new Map(Object.keys(roles).map((role) => [role, new Set()]));
  }

  covered = (role: string): Covered => {
    const taken = this.#taken.get(role);
    return (
      taken &&
      ((_, refs) => {
        for (const ref of refs) taken.add(ref);
      })
    );
  };

  get transitions(): Coverage['transitions'] {
    return Object.fromEntries(
      Object.entries(this.#roles).map(([role, { machine }]) => {
        const seen = this.#taken.get(role);
        const all = transitionsOf(chartOf(machine).root);
        return [
          role,
          { taken: all.filter((ref) => seen?.has(ref)).sort(), missing: all.filter((ref) => !seen?.has(ref)) },
        ];
      }),
    );
  }
}

const transitionsOf = ({ transitions, states }: ChartState): TransitionRef[] => [
  ...transitions.map(({ ref }) => ref),
  ...states.flatMap(transitionsOf),
];

/** What two sets of runs of one specification have shown together. */
export function mergeCoverage(a: Coverage, b: Coverage): Coverage {
  const transitions = Object.entries(b.transitions).map(([role, theirs]): [string, RoleCoverage] => {
    const ours = new Set(a.transitions[role]?.taken);
    const taken = [...theirs.taken, ...theirs.missing.filter((ref) => ours.has(ref))];
    return [role, { taken: taken.sort(), missing: theirs.missing.filter((ref) => !ours.has(ref)) }];
  });
  const sometimes = Object.entries(b.sometimes).map(([name, reached]) => [
    name,
    reached || (a.sometimes[name] ?? false),
  ]);
  return {
    transitions: { ...a.transitions, ...Object.fromEntries(transitions) },
    sometimes: { ...a.sometimes, ...Object.fromEntries(sometimes) },
    operations: {
      invoked: a.operations.invoked + b.operations.invoked,
      returned: a.operations.returned + b.operations.returned,
      failed: a.operations.failed + b.operations.failed,
    },
  };
}
