import { batch } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { ask } from '../../state/filter.ts';
import { chosen } from '../../state/panes.ts';

/** A name that leads to the records that are counted under it. */
export function Find({ query, children }: { query: string; children: ComponentChildren }) {
  return (
    <button
      type="button"
      class="find"
      title={`Show ${query}`}
      onClick={() =>
        batch(() => {
          ask(query);
          chosen.side.value = 'events';
        })
      }
    >
      {children}
    </button>
  );
}
