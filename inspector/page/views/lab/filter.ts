import type { LabChoice } from '../../../src/world/lab.ts';

/** The choices in which each word of a query is found: in the kind, the node or the text. */
export function choicesShown(choices: readonly LabChoice[], query: string): readonly LabChoice[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return choices;
  return choices.filter(({ kind, node, text }) => {
    const searched = `${kind} ${node} ${text}`.toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}

/** Where the choices begin, which may be before the place that is shown: within a step nothing can be chosen. */
export function placeWords(records: number, at: number, all: number, shown: number): string {
  const count = shown === all ? `${all} choices` : `${shown} of ${all} choices`;
  const back = records < at ? `, after ${records.toLocaleString('en')} records: the end of the last whole step` : '';
  return `${count}${back}`;
}
