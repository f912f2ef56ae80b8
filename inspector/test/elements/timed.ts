import { defineSynodElements } from '@synod/inspector/elements';
import { createActor, setup } from 'xstate';

defineSynodElements();

const kettle = setup({
  delays: { boiling: 60_000 },
  guards: { hasWater: () => true, isBroken: () => false },
}).createMachine({
  id: 'kettle',
  initial: 'cold',
  states: {
    cold: {
      on: {
        PRESS: [
          { guard: 'isBroken', target: 'hot' },
          { guard: 'hasWater', target: 'warming' },
        ],
      },
    },
    warming: { after: { boiling: 'hot' }, on: { PRESS: 'cold' } },
    hot: {},
  },
});
const actor = createActor(kettle).start();
const chart = document.querySelector('synod-chart');
if (chart) chart.actor = actor;
document.querySelector('button')?.addEventListener('click', () => actor.send({ type: 'PRESS' }));
