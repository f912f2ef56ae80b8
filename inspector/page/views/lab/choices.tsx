import { useSignal } from '@preact/signals';
import { plainTimers } from '../../../src/story/record-text.ts';
import type { LabChoice, LabMoment } from '../../../src/world/lab.ts';
import { askLab, working } from '../../state/lab.ts';
import { seek } from '../../state/store.ts';
import { choicesShown, placeWords } from './filter.ts';

interface ChoicesProps {
  readonly branch: number;
  readonly at: number;
  readonly moment: LabMoment;
}

/** All that may happen next, to be chosen from. */
export function Choices({ branch, at, moment }: ChoicesProps) {
  const query = useSignal('');
  const { choices, ended, records } = moment;
  const shown = choicesShown(choices, query.value);
  return (
    <>
      <div class="choice-tools">
        {choices.length > 8 && (
          <input
            type="search"
            aria-label="Filter the choices"
            placeholder="kind, node, text"
            value={query.value}
            onInput={({ currentTarget }) => {
              query.value = currentTarget.value;
            }}
          />
        )}
        {ended === undefined && <span class="source">{placeWords(records, at, choices.length, shown.length)}</span>}
      </div>
      {ended !== undefined && (
        <p class="ended">
          {ended} The run ends here; what else could have happened is offered at each place before.
          <button type="button" onClick={() => seek(at - 1)}>
            Go before the last step
          </button>
        </p>
      )}
      <ul class="choices">
        {shown.map((choice) => (
          <Choice
            key={choice.id}
            choice={choice}
            onTake={() => askLab({ ask: 'take', branch, at, choice: choice.id })}
          />
        ))}
      </ul>
    </>
  );
}

function Choice({ choice: { kind, text, detail, own }, onTake }: { choice: LabChoice; onTake: () => void }) {
  return (
    <li class={own ? 'choice own' : 'choice'}>
      <button type="button" disabled={working.value > 0} onClick={onTake}>
        <span class={`action ${kind}`}>{kind}</span>
        <span class="choice-text">{plainTimers(text)}</span>
        {detail && <span class="source">{detail}</span>}
      </button>
    </li>
  );
}
