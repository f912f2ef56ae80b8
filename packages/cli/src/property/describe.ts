import {
  describeFailure,
  describeSteps,
  type Explored,
  type PropertyReplay,
  type PropertyReplayed,
} from '@synod/testgen';
import { count, paint } from '../output.ts';

const out = process.stdout;
const good = (text: string) => `${paint('green', '✓', out)} ${text}`;
const bad = (text: string) => `${paint('red', '✗', out)} ${text}`;

/** An exploration, in lines. */
export function describeExplored(explored: Explored, wallSeconds: number): string {
  const { seed, runs, steps, worlds, failure, unseen, undecided, lostTimers, notes, complete } = explored;
  const cut = complete ? '' : ', stopped by Ctrl-C';
  const head = `seed ${seed}: ${count(runs)} runs, ${count(steps)} steps, ${count(worlds)} distinct worlds in ${wallSeconds.toFixed(2)} s${cut}.`;
  const remarks = [
    ...notes,
    ...Object.entries(undecided).map(([name, of]) => `${name}: ${count(of)} runs were cut off before they decided it.`),
    ...(lostTimers.length > 0
      ? [
          `XState leaves timers out of persisted snapshots; a restored machine would wait in vain for ${lostTimers.join(', ')}: start them again where you restore.`,
        ]
      : []),
  ];
  const [first = '', ...lines] = failure ? describeFailure(failure) : ['no run breaks a promise'];
  return [
    head,
    ...remarks.map((remark) => paint('dim', remark, out)),
    ...(unseen.length > 0 ? [`never seen: ${unseen.join(', ')}`] : []),
    failure ? bad(first) : good(first),
    ...lines,
    ...(failure && failure.foundIn > failure.steps.length
      ? [paint('dim', `Made shorter: ${failure.foundIn} → ${failure.steps.length} steps.`, out)]
      : []),
  ].join('\n');
}

/** A replay of such a failure, in lines. */
export function describePropertyReplay(file: PropertyReplay, replayed: PropertyReplayed): string {
  const { broken, sameFailure, differsAt } = replayed;
  const now = broken ? `${broken.property} is broken: ${broken.message}` : 'no promise is broken';
  return [
    paint('bold', `${file.machine} of ${file.module}, seed ${file.seed}: ${file.steps.length} steps.`, out),
    ...describeSteps(file).map((line) => `  ${line}`),
    bad(`${file.broken.property} (${file.broken.kind}): ${file.broken.message}`),
    sameFailure
      ? good('It repeats: the same promise is broken again.')
      : bad(`It does not repeat: now ${now}${broken ? '' : '.'}`),
    ...(differsAt === undefined
      ? []
      : [bad(`From step ${differsAt} on, something else is to be seen than in the file.`)]),
  ].join('\n');
}
