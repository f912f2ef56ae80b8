import { SynodChart, SynodSpaceTime } from '@synod/inspector/react';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createMachine } from 'xstate';

const door = createMachine({
  id: 'door',
  initial: 'closed',
  states: { closed: { on: { OPEN: 'open' } }, open: { on: { CLOSE: 'closed' } } },
});

function Page() {
  const [value, setValue] = useState('closed');
  const [words, setWords] = useState('nothing');
  return (
    <>
      <button type="button" onClick={() => setValue('open')}>
        Open
      </button>
      <SynodChart machine={door} value={value} taken={value === 'open' ? ['door.closed#OPEN[0]'] : []} />
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
