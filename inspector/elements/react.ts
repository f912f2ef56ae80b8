import { type CSSProperties, createElement, type ReactElement, type Ref, useEffect, useRef } from 'react';
import { defineSynodElements } from './define.ts';
import type { Selection, SynodChartElement, SynodElementEvents, SynodSpaceTimeElement } from './types.ts';

export type { ChartTimers, ElementTheme, Selection, TransitionCounts } from './types.ts';

interface Common {
  readonly className?: string;
  readonly style?: CSSProperties;
}

type Own<T, Names extends keyof T> = { readonly [Name in Names]?: T[Name] | undefined };

export interface SynodChartProps
  extends Common,
    Own<
      SynodChartElement,
      | 'chart'
      | 'machine'
      | 'actor'
      | 'value'
      | 'taken'
      | 'counts'
      | 'guards'
      | 'timers'
      | 'theme'
      | 'detail'
      | 'label'
      | 'elkWorkerUrl'
    > {
  /** Called where the chart cannot be drawn. */
  readonly onError?: ((error: ErrorOf<'synod-chart'>) => void) | undefined;
}

export interface SynodSpaceTimeProps
  extends Common,
    Own<SynodSpaceTimeElement, 'records' | 'lines' | 'src' | 'selected' | 'by' | 'axis' | 'theme'> {
  /** Called when a person selects a record, or none. */
  readonly onSelect?: ((selection: Selection | null) => void) | undefined;
  /** Called when all of `src` has been read. */
  readonly onLoad?: (() => void) | undefined;
  /** Called where something is no trace. */
  readonly onError?: ((error: ErrorOf<'synod-spacetime'>) => void) | undefined;
}

type ErrorOf<Tag extends keyof SynodElementEvents> = SynodElementEvents[Tag]['error']['detail'];

/** `<synod-chart>` for React 18 and later. A property that is left out is as if it were never set. */
export function SynodChart({ className, style, onError, ...properties }: SynodChartProps): ReactElement {
  const ref = useElement<SynodChartElement>(properties, { error: onError });
  return createElement('synod-chart', { ref, class: className, style });
}

/** `<synod-spacetime>` for React 18 and later. It needs a height. */
export function SynodSpaceTime(props: SynodSpaceTimeProps): ReactElement {
  const { className, style, onSelect, onLoad, onError, ...properties } = props;
  const ref = useElement<SynodSpaceTimeElement>(properties, { select: onSelect, load: onLoad, error: onError });
  return createElement('synod-spacetime', { ref, class: className, style });
}

type Handlers = Readonly<Record<string, ((detail: never) => void) | undefined>>;

/** Sets what has changed as properties, since React 18 knows only attributes, and hears the element's own events. */
function useElement<E extends HTMLElement>(properties: object, handlers: Handlers): Ref<E> {
  const ref = useRef<E>(null);
  const latest = useRef(handlers);
  const set = useRef<Readonly<Record<string, unknown>>>({});
  const types = Object.keys(handlers).join(' ');
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    defineSynodElements();
    const element = ref.current;
    const ending = new AbortController();
    for (const type of types.split(' ')) {
      const hear = (event: Event): void => latest.current[type]?.((event as CustomEvent<never>).detail);
      element?.addEventListener(type, hear, { signal: ending.signal });
    }
    return () => ending.abort();
  }, [types]);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const next: Readonly<Record<string, unknown>> = { ...properties };
    for (const name of new Set([...Object.keys(set.current), ...Object.keys(next)])) {
      if (!Object.is(set.current[name], next[name])) put(element, name, next[name]);
    }
    set.current = next;
  });
  return ref;
}

const ATTRIBUTES: Readonly<Record<string, string>> = {
  theme: 'theme',
  detail: 'detail',
  label: 'label',
  elkWorkerUrl: 'elk-worker-url',
  src: 'src',
  by: 'by',
  axis: 'axis',
};

/** What has an attribute and is not given loses it, so that its default holds again. */
function put(element: HTMLElement, name: string, value: unknown): void {
  const attribute = ATTRIBUTES[name];
  if (attribute !== undefined && value === undefined) element.removeAttribute(attribute);
  else Reflect.set(element, name, value);
}
