import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { type Picture, pictureOf } from '../pictures/picture.ts';
import { chosen, type PaneName } from '../state/panes.ts';
import { SavePicture } from './save-picture.tsx';
import { offered, viewIn } from './views.ts';

const LABELS: Readonly<Record<PaneName, string>> = { middle: 'Views', side: 'Views beside' };

/** A part of the page in which one of several views stands, with tabs to choose. `children` stand beside the tabs. */
export function Pane({ name, children }: { name: PaneName; children?: ComponentChildren }) {
  const host = useRef<HTMLDivElement>(null);
  const view = viewIn(name);
  if (!view) return null;
  const hasTabs = offered(name).length > 1;
  const { id, title, component: Component } = view;
  const shown = (): Picture | undefined => view.picture?.() ?? (host.current ? pictureOf(host.current, id) : undefined);
  const Part = name === 'middle' ? 'main' : 'section';
  return (
    <Part class={`pane ${name}`} aria-label={name === 'middle' ? 'Middle' : 'Side'}>
      <div class="pane-head">
        {hasTabs && <Tabs name={name} current={id} />}
        {children}
        <SavePicture title={title} picture={shown} />
      </div>
      <div
        ref={host}
        class={`view view-${id}`}
        id={`view-${name}`}
        {...(hasTabs && { role: 'tabpanel', 'aria-labelledby': `tab-${name}-${id}` })}
      >
        <Component />
      </div>
    </Part>
  );
}

function Tabs({ name, current }: { name: PaneName; current: string }) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const tab = host.current?.querySelector<HTMLElement>('[aria-selected=true]');
    if (tab) keepInSight(tab);
  }, [current]);
  return (
    <div class="tabs" role="tablist" aria-label={LABELS[name]} onKeyDown={walkTabs} ref={host}>
      {offered(name).map(({ id, title }) => (
        <button
          type="button"
          role="tab"
          key={id}
          id={`tab-${name}-${id}`}
          aria-selected={id === current}
          aria-controls={`view-${name}`}
          tabIndex={id === current ? 0 : -1}
          onClick={() => {
            chosen[name].value = id;
          }}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

/** Scrolls the tabs, and nothing around them, as little as it takes to see one. */
function keepInSight(tab: HTMLElement): void {
  const tabs = tab.closest('.tabs');
  if (!tabs) return;
  const [frame, box] = [tabs.getBoundingClientRect(), tab.getBoundingClientRect()];
  if (box.left < frame.left) tabs.scrollLeft += box.left - frame.left - BESIDE;
  else if (box.right > frame.right) tabs.scrollLeft += box.right - frame.right + BESIDE;
}

/** So much of what is beside a tab is to be seen as well: that there is more. */
const BESIDE = 30;

/** Arrow keys go from tab to tab, as in any tab list. */
function walkTabs(event: KeyboardEvent): void {
  const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
  const { target } = event;
  if (by === 0 || !(target instanceof HTMLElement)) return;
  const tabs = [...(target.closest('[role=tablist]')?.querySelectorAll<HTMLElement>('[role=tab]') ?? [])];
  const next = tabs[(tabs.indexOf(target) + by + tabs.length) % tabs.length];
  event.preventDefault();
  event.stopPropagation();
  next?.click();
  next?.focus();
}
