import type { Property } from '@synod/protocol';
import { Judgement } from './search/judgement.ts';
import type { Path } from './search/path.ts';
import type { World } from './world/world.ts';

/** What a property says along a run. */
export interface PropertyTrack {
  readonly name: string;
  readonly kind: Property['kind'];
  /** Where the paper states it. */
  readonly source: string;
  /** From the world after so many steps on, whether it holds: the first world's first, then each world that differs from the one before. */
  readonly changes: readonly (readonly [steps: number, holds: boolean])[];
}

/** What each property says of the worlds of a path; of a step property, of the step that led to each. */
export function tracksOf(world: World, { rows, actions }: Path): readonly PropertyTrack[] {
  const judgement = new Judgement(world);
  const bits = rows.map((row) => judgement.of(row));
  return world.configuration.properties.map((property) => {
    const { name, kind, source } = property;
    const place = property.kind === 'step' ? -1 : judgement.properties.indexOf(property);
    const holds = (step: number): boolean =>
      property.kind === 'step'
        ? !actions[step - 1]?.outcome?.broken.includes(property)
        : ((bits[step] as number) & (1 << place)) !== 0;
    const all = rows.map((_, step) => holds(step));
    const changes = all.flatMap((now, step) => (now === all[step - 1] ? [] : [[step, now] as const]));
    return { name, kind, source, changes };
  });
}
