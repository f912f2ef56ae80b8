import { defineSynodElements, type Selection } from '@synod/inspector/elements';
import { createActor, createMachine } from 'xstate';

defineSynodElements();

const door = createMachine({
  id: 'door',
  initial: 'closed',
  states: { closed: { on: { OPEN: 'open' } }, open: { on: { CLOSE: 'closed' } } },
});
const actor = createActor(door).start();
const chart = document.querySelector('synod-chart');
if (chart) chart.actor = actor;

const output = document.querySelector('output');
document.querySelector('synod-spacetime')?.addEventListener('select', (event) => {
  const { detail } = event as CustomEvent<Selection | null>;
  if (output) output.textContent = detail?.record.type ?? 'nothing';
});

document.querySelector('button')?.addEventListener('click', () => actor.send({ type: 'OPEN' }));
