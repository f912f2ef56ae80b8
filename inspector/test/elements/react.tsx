import { SynodChart, type SynodChartProps, SynodSpaceTime } from '@synod/inspector/react';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createMachine } from 'xstate';

const door = createMachine({
  id: 'door',
  initial: 'closed',
  states: { closed: { on: { OPEN: 'open' } }, open: { on: { CLOSE: 'closed' } } },
});

type Step = Pick<SynodChartProps, 'value' | 'taken'>;

function Page() {
  const [step, setStep] = useState<Step>({ value: 'closed', taken: [] });
  const [words, setWords] = useState('nothing');
  return (
    <>
      <button type="button" onClick={() => setStep({ value: 'open', taken: ['door.closed#OPEN[0]'] })}>
        Open
      </button>
      <SynodChart machine={door} {...step} />
      <SynodSpaceTime
        src="trace.jsonl"
        className="tall"
        onSelect={(selection) => setWords(selection?.record.type ?? 'nothing')}
      />
      <output>{words}</output>
    </>
  );
}

const root = document.querySelector('main');
if (root) createRoot(root).render(<Page />);
