import type { StateValue } from 'xstate';
import type { RunStep } from '../search/run.ts';
import type { World } from '../subject.ts';
import { actorTitle, triggerOf } from '../targets/titles.ts';
import type { Coverage } from '../targets/tracker.ts';
import type { Stimulus } from '../test-case.ts';
import { shown } from '../write/literal.ts';

/** Parts of a name before its middle is left out. */
const MOST_PARTS = 5;

/** A state's value for people: `leader.idle`, `lights.red + pedestrians.walk`. */
export function valueTitle(value: StateValue): string {
  if (typeof value === 'string') return value;
  const parts = Object.entries(value).map(([key, inner]) => {
    const deeper = inner === undefined ? '' : valueTitle(inner);
    return deeper === '' ? key : deeper.includes(' + ') ? `${key}(${deeper})` : `${key}.${deeper}`;
  });
  return parts.join(' + ');
}

/** What of a value is other than before: of parallel regions those that changed. */
function changeTitle(before: StateValue | undefined, after: StateValue): string {
  if (typeof before !== 'object' || typeof after !== 'object') return valueTitle(after);
  const keys = Object.keys(after);
  if (keys.length < 2) {
    const [key = ''] = keys;
    const [inner, old] = [after[key], before[key]];
    return inner === undefined || old === undefined ? valueTitle(after) : `${key}.${changeTitle(old, inner)}`;
  }
  const changed = keys.filter((key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]));
  return changed
    .map((key) => {
      const inner = after[key];
      const deeper = inner === undefined ? '' : changeTitle(before[key], inner);
      return deeper === '' ? key : `${key}.${deeper}`;
    })
    .join(' + ');
}

/** One line for people: `follower → candidate on electionTimeout, then leader on a majority`. */
export function nameOfTest(start: World, steps: readonly RunStep[], coverage: Coverage): string {
  const begin = valueTitle(start.value) || 'it';
  if (steps.length === 0) return `starts in ${begin}`;
  const parts: { text: string; times: number }[] = [];
  let before = start;
  for (const step of steps) {
    const text = partOf(before, step, coverage);
    const last = parts.at(-1);
    if (last?.text === text) last.times++;
    else parts.push({ text, times: 1 });
    before = step.taken.world;
  }
  const texts = parts.map(({ text, times }) => (times === 1 ? text : `${text} ×${times}`));
  const kept = texts.length <= MOST_PARTS ? texts : [...texts.slice(0, 2), '…', ...texts.slice(-2)];
  return `${begin} ${kept.join(', then ').replaceAll(', then …, then ', ' … ')}`.replaceAll(', then → ', ', then ');
}

function partOf(before: World, { stimulus, taken }: RunStep, coverage: Coverage): string {
  const cause = causeOf(stimulus, taken, coverage);
  const old = new Map(before.actors.map(({ path, value }) => [path, value]));
  const changed = taken.world.actors.find(
    ({ path, value }) => value !== undefined && JSON.stringify(value) !== JSON.stringify(old.get(path)),
  );
  if (changed?.value !== undefined) {
    const state = changeTitle(old.get(changed.path), changed.value);
    return `→ ${changed.path === '' ? state : `${actorTitle(changed.path)} ${state}`} ${cause}`;
  }
  if (taken.transitions.length > 0) return `stays ${cause}`;
  return 'wait' in stimulus ? `waits ${stimulus.wait} ms` : `ignores ${cause.replace(/^on /, '')}`;
}

function causeOf(stimulus: Stimulus, { transitions }: RunStep['taken'], coverage: Coverage): string {
  if ('send' in stimulus) return `on ${stimulus.send.type}`;
  if ('done' in stimulus) return `on ${actorTitle(stimulus.done)} done`;
  if ('fail' in stimulus) return `on ${actorTitle(stimulus.fail)} failed`;
  if ('relay' in stimulus) return `on ${stimulus.event.type} of ${actorTitle(stimulus.relay)}`;
  if ('next' in stimulus) return `on a value of ${actorTitle(stimulus.next)}`;
  for (const { actor, transition } of transitions) {
    const indexed = coverage.indexOf(actor)?.transitions.get(transition);
    if (indexed?.transition.kind === 'after') return triggerOf(indexed.transition);
  }
  return `after ${stimulus.wait} ms`;
}

/** What a test carries, where its name alone is another's as well. */
export function detailOf(steps: readonly RunStep[]): string {
  const last = steps.findLast(({ stimulus }) => !('wait' in stimulus))?.stimulus;
  if (!last) return '';
  const carried =
    'send' in last ? rest(last.send) : 'done' in last ? last.output : 'fail' in last ? last.error : undefined;
  if (carried === undefined) return '';
  const text = shown(carried).replaceAll(/\s+/g, ' ');
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function rest({ type: _, ...carried }: { readonly type: string }): object | undefined {
  return Object.keys(carried).length === 0 ? undefined : carried;
}

/** Names of which no two are equal: with what their last steps carry, and where that does not help, with a number. */
export function distinct(names: readonly { readonly name: string; readonly detail: string }[]): readonly string[] {
  const count = (list: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const each of list) counts.set(each, (counts.get(each) ?? 0) + 1);
    return counts;
  };
  const plain = count(names.map(({ name }) => name));
  const detailed = names.map(({ name, detail }) =>
    (plain.get(name) ?? 0) > 1 && detail !== '' ? `${name} (${detail})` : name,
  );
  const used = new Map<string, number>();
  return detailed.map((name) => {
    const times = (used.get(name) ?? 0) + 1;
    used.set(name, times);
    return times === 1 ? name : `${name}, ${times}`;
  });
}
