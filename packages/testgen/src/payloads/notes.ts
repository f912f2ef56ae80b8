import { familyOf, invocationsOf } from '@synod/protocol';
import type { AnyStateMachine } from 'xstate';
import { type Model, modelOfEvent, modelOfInput } from './infer/model.ts';
import { descriptorsOf, type MachineSchemas, type PayloadOptions } from './options.ts';

/** What is inferred for want of cases and schemas, a sentence each with the remedy. */
export function notesOf(machine: AnyStateMachine, options: PayloadOptions, schemas: MachineSchemas): readonly string[] {
  const notes: string[] = [];
  const add = (what: string, model: Model, remedy: string): void => {
    if (model.fields.length === 0) return;
    const names = model.fields.map(({ path }) => path.join('.').replaceAll('.*', '[]') || 'its value').sort();
    notes.push(
      `${what}: values of ${names.join(', ')} were inferred from the machine's functions; give cases or a schema as ${remedy}.`,
    );
  };
  if (options.inputs === undefined && schemas.input === undefined) add('The input', modelOfInput(machine), '"inputs"');
  const family = familyOf(machine);
  const types = [...new Set(family.flatMap(descriptorsOf))].filter((type) => !type.startsWith('xstate.'));
  for (const type of types) {
    if (options.events?.[type] !== undefined || schemas.events?.[type] !== undefined) continue;
    add(`Event "${type}"`, modelOfEvent(machine, type, [], undefined), `events["${type}"]`);
  }
  for (const { id, src } of family.flatMap(invocationsOf)) {
    const given = (kind: 'done' | 'fail') =>
      [options.actors, schemas.actors].some(
        (each) => each?.[id]?.[kind] !== undefined || each?.[src]?.[kind] !== undefined,
      );
    if (!given('done'))
      add(
        `The output of "${id}"`,
        modelOfEvent(machine, `xstate.done.actor.${id}`, ['output'], undefined),
        `actors["${id}"].done`,
      );
    if (!given('fail'))
      add(
        `The error of "${id}"`,
        modelOfEvent(machine, `xstate.error.actor.${id}`, ['error'], undefined),
        `actors["${id}"].fail`,
      );
  }
  return [...new Set(notes)];
}
