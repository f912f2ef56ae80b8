import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { suggestionsAt, vocabularyOf } from '../../query/complete.ts';
import { FIELDS } from '../../query/fields.ts';
import { complaint, query } from '../../state/filter.ts';
import { story } from '../../state/store.ts';
import { wholeCounted, wholeTally, wishTally } from '../../state/tallies.ts';

/** Where a query is typed: with suggestions, what is wrong with it, and help. */
export function QueryField() {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const caret = useSignal(0);
  const isOpen = useSignal(false);
  /** The suggestion that the keyboard is on; -1: none. */
  const current = useSignal(-1);
  const isOpened = isOpen.value;
  useEffect(() => (isOpened ? wishTally() : undefined), [isOpened]);
  const found = useComputed(() => {
    void wholeCounted.value;
    return suggestionsAt(query.value, caret.value, vocabularyOf(story.value, wholeTally.value));
  });
  const items = isOpened ? found.value.items : [];
  const take = (at: number): void => {
    const { from, to } = found.value;
    const text = items[at]?.text ?? '';
    query.value = `${query.value.slice(0, from)}${text}${text.endsWith(':') ? '' : ' '}${query.value.slice(to).trimStart()}`;
    caret.value = from + text.length + (text.endsWith(':') ? 0 : 1);
    current.value = -1;
    requestAnimationFrame(() => input.current?.setSelectionRange(caret.value, caret.value));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && isOpened) isOpen.value = false;
    else if (event.key === 'Enter' && current.value >= 0 && items.length > 0) take(current.value);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const by = event.key === 'ArrowDown' ? 1 : -1;
      // From the field itself to the first or the last, and back again after them.
      current.value = isOpened ? ((current.value + by + 1 + items.length + 1) % (items.length + 1)) - 1 : -1;
      isOpen.value = true;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const wrong = complaint.value;
  return (
    <div class="query">
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Filter"
        aria-autocomplete="list"
        aria-expanded={items.length > 0}
        aria-controls={`${id}-list`}
        aria-invalid={wrong !== undefined}
        aria-describedby={`${id}-wrong`}
        {...(current.value >= 0 && items.length > 0 && { 'aria-activedescendant': `${id}-${current.value}` })}
        autocomplete="off"
        spellcheck={false}
        placeholder="type:send actor:n1 state:leader text /re/"
        value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value;
          caret.value = event.currentTarget.selectionStart ?? 0;
          current.value = -1;
          isOpen.value = true;
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          isOpen.value = false;
        }}
      />
      <button type="button" class="help" data-unpictured aria-label="Help on queries" popovertarget={`${id}-help`}>
        ?
      </button>
      <div id={`${id}-list`} role="listbox" aria-label="Suggestions" class="suggestions" hidden={items.length === 0}>
        {items.map(({ text, hint }, at) => (
          <div
            key={text}
            id={`${id}-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === current.value}
            // Before the field loses the focus.
            onPointerDown={(event) => {
              event.preventDefault();
              take(at);
            }}
          >
            <span class="name">{text}</span>
            <span class="hint">{hint}</span>
          </div>
        ))}
      </div>
      <p id={`${id}-wrong`} class="wrong" role="status">
        {wrong?.text}
      </p>
      <Help id={`${id}-help`} />
    </div>
  );
}

function Help({ id }: { id: string }) {
  return (
    <div id={id} class="menu query-help" popover="auto" role="dialog" aria-label="Queries">
      <p>
        Words find rows that have all of them; <code>"more words"</code> as they stand; <code>/expressions/</code> too.{' '}
        <code>*</code> stands for anything. <code>a or b</code>, <code>not a</code> or <code>-a</code>, and brackets
        combine.
      </p>
      <dl>
        {Object.entries(FIELDS).map(([name, { meaning, example }]) => (
          <div key={name}>
            <dt>
              <code>{example}</code>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
        <div>
          <dt>
            <code>at&gt;1200 at&lt;1.5s</code>
          </dt>
          <dd>time, in ms unless it says us, s, m or h</dd>
        </div>
        <div>
          <dt>
            <code>#100..200</code>
          </dt>
          <dd>by place in the run</dd>
        </div>
      </dl>
    </div>
  );
}
