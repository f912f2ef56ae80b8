import { plainTimers } from '../../../src/story/record-text.ts';
import type { LabBranch } from '../../../src/world/lab.ts';
import { askLab, branches, lab, openBranch, working } from '../../state/lab.ts';
import { goTo } from '../../state/store.ts';

/** The runs that were taken, each with what it goes on from. */
export function Branches() {
  const all = branches.value;
  if (all.length < 2) return null;
  return (
    <section class="branches" aria-label="Branches">
      <h2>Branches</h2>
      <ul>
        {all.map((branch) => (
          <Branch key={branch.id} branch={branch} />
        ))}
      </ul>
    </section>
  );
}

function Branch({ branch: { id, parent, shared, records, text } }: { branch: LabBranch }) {
  const isOpen = openBranch.value === id;
  const from = parent === undefined ? '' : `, from ${parent} at ${shared.toLocaleString('en')}`;
  return (
    <li class={isOpen ? 'branch open' : 'branch'}>
      <button
        type="button"
        aria-pressed={isOpen}
        disabled={working.value > 0}
        onClick={() => askLab({ ask: 'open', branch: id })}
      >
        <span class="branch-id">{id}</span>
        <span class="branch-text">{plainTimers(text)}</span>
        <span class="source">
          {records.toLocaleString('en')} records{from}
        </span>
      </button>
      {isOpen && parent !== undefined && (
        <button type="button" class="to-fork" onClick={() => goTo(shared, shared)}>
          Show the fork
        </button>
      )}
      {isOpen && id !== 0 && lab.value?.save && (
        <button type="button" class="save" onClick={() => askLab({ ask: 'save', branch: id })}>
          Save
        </button>
      )}
      {id !== 0 && (
        <button
          type="button"
          class="forget"
          aria-label={`Forget branch ${id}`}
          title="Forget this branch"
          onClick={() => askLab({ ask: 'forget', branch: id })}
        >
          ×
        </button>
      )}
    </li>
  );
}
