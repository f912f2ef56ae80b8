import { styleText } from 'node:util';
import type { TraceRecord } from '@synod/protocol';
import { type SpaceTimeOptions, spaceTime, type Tone } from '@synod/trace';

const STYLES: Readonly<Record<Tone, Parameters<typeof styleText>[0] | undefined>> = {
  time: 'dim',
  name: 'bold',
  line: 'dim',
  message: undefined,
  lost: 'red',
  request: 'cyan',
  timer: 'yellow',
  state: 'green',
  emit: 'blue',
  fault: 'red',
  note: 'magenta',
};

const paint = (text: string, tone: Tone): string => {
  const style = STYLES[tone];
  return style ? styleText(style, text, { stream: process.stdout }) : text;
};

/** Wide enough for most where there is no terminal to ask. */
const WIDTH = 120;

/** A run as a space-time diagram for the terminal, as wide as that is. `last`: the most rows, the last ones. */
export function diagram(
  records: readonly TraceRecord[],
  { last, marks }: { readonly last?: number; readonly marks?: SpaceTimeOptions['marks'] } = {},
): string {
  const width = Math.max(60, Math.min(200, process.stdout.columns ?? WIDTH));
  return spaceTime(records, { width, paint, ...(last !== undefined && { last }), ...(marks && { marks }) });
}
