import { SynodError } from '@synod/protocol';
import type { ELK } from 'elkjs/lib/elk-api.js';

/** ELK, and what tells when its worker cannot be had: ELK itself would wait for ever. */
export interface Layouter {
  readonly elk: Pick<ELK, 'layout'>;
  readonly failure: Promise<never>;
}

const known = new Map<string, Promise<Layouter>>();

/** ELK in a worker at an address, or in the page without one. It is loaded when a chart is first drawn. */
export function layouterOf(workerUrl: string): Promise<Layouter> {
  const before = known.get(workerUrl);
  if (before) return before;
  const layouter = workerUrl === '' ? inPage() : inWorker(workerUrl);
  known.set(workerUrl, layouter);
  // What could not be loaded may be had another time.
  layouter.then(({ failure }) => failure).catch(() => known.delete(workerUrl));
  return layouter;
}

async function inPage(): Promise<Layouter> {
  const { default: Elk } = await import('elkjs/lib/elk.bundled.js');
  return { elk: new Elk(), failure: new Promise(() => {}) };
}

async function inWorker(url: string): Promise<Layouter> {
  const { default: Elk } = await import('elkjs/lib/elk-api.js');
  const worker = new Worker(url);
  const failure = new Promise<never>((_, reject) => {
    worker.addEventListener('error', () =>
      reject(
        new SynodError(
          'CHART_LAYOUT_FAILED',
          `ELK's worker cannot be started from ${url}; serve elk-worker.min.js there.`,
        ),
      ),
    );
  });
  return { elk: new Elk({ workerFactory: () => worker }), failure };
}
