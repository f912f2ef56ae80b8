import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Picture } from '../../pictures/picture.ts';
import { extent, selectedRecord } from '../../state/store.ts';
import { Binding } from './binding.ts';
import { placeOf } from './diagram.ts';
import { labelOf } from './foot.ts';
import { Footer } from './footer.tsx';
import { SpaceTimeTools } from './tools.tsx';
import { recordWords } from './words.ts';

/** The diagram on the page: there is one at most. */
let shown: Binding | undefined;

/** The diagram alone, without what is beside it. */
export function spacetimePicture(): Picture | undefined {
  const { diagram } = shown ?? {};
  return diagram && { name: 'space-time', svg: () => diagram.svg() };
}

/** Lanes side by side, time downwards, messages as arrows. */
export function SpaceTimeView() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const binding = useSignal<Binding | undefined>(undefined);
  useLayoutEffect(() => {
    if (!canvas.current) return;
    const made = new Binding(canvas.current);
    binding.value = made;
    shown = made;
    const end = made.start();
    return () => {
      if (shown === made) shown = undefined;
      end();
    };
  }, []);
  return (
    <section class="spacetime" aria-label="Space–time">
      {binding.value && <SpaceTimeTools binding={binding.value} />}
      <div
        class="spacetime-picture"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keyboard; its keys are the diagram's.
        tabIndex={0}
        aria-label={binding.value ? labelIn(binding.value) : 'Space–time diagram'}
        aria-keyshortcuts="ArrowUp ArrowDown ArrowLeft ArrowRight Enter + - 0 f n PageUp PageDown"
        onKeyDown={(event) => binding.value?.diagram.press(event)}
      >
        <canvas ref={canvas} />
        {extent.value.length === 0 && (
          <p class="empty">
            Here nodes stand side by side, time downwards, with arrows for their messages: nothing has happened yet.
          </p>
        )}
        {binding.value && <Tooltip binding={binding.value} />}
      </div>
      {binding.value && <Footer binding={binding.value} />}
      <p class="said" role="status" aria-live="polite">
        {binding.value?.said}
      </p>
    </section>
  );
}

function labelIn({ diagram: { spaceTime }, version }: Binding): string {
  void version.value;
  const index = selectedRecord.value;
  const isKept = index !== undefined && index >= extent.value.first && index < extent.value.length;
  return labelOf(spaceTime, isKept ? recordWords(spaceTime.marks, index, spaceTime.unit) : []);
}

function Tooltip({ binding }: { binding: Binding }) {
  const tip = binding.tip.value;
  if (!tip) return null;
  return (
    <div class="spacetime-tip" style={placeOf(tip, binding.diagram.size)} aria-hidden="true">
      {tip.lines.map((line, at) => (
        <p key={at}>{line}</p>
      ))}
    </div>
  );
}
