import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { extent, selectedRecord } from '../../state/store.ts';
import { Binding } from './binding.ts';
import { Footer } from './footer.tsx';
import { SpaceTimeTools } from './tools.tsx';
import { recordWords } from './words.ts';

/** Lanes side by side, time downwards, messages as arrows. */
export function SpaceTimeView() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const binding = useSignal<Binding | undefined>(undefined);
  useLayoutEffect(() => {
    if (!canvas.current) return;
    const made = new Binding(canvas.current);
    binding.value = made;
    return made.start();
  }, []);
  return (
    <section class="spacetime" aria-label="Space–time">
      {binding.value && <SpaceTimeTools binding={binding.value} canvas={canvas} />}
      <div
        class="spacetime-picture"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keyboard; its keys are the diagram's.
        tabIndex={0}
        aria-label={binding.value ? labelOf(binding.value) : 'Space–time diagram'}
        aria-keyshortcuts="ArrowUp ArrowDown ArrowLeft ArrowRight Enter + - 0 f n PageUp PageDown"
        onKeyDown={(event) => binding.value?.press(event)}
      >
        <canvas ref={canvas} />
        {binding.value && <Tooltip binding={binding.value} />}
      </div>
      {binding.value && <Footer binding={binding.value} />}
      <p class="said" role="status" aria-live="polite">
        {binding.value?.said}
      </p>
    </section>
  );
}

/** What is drawn, in a sentence: all of it can be read in the list of events. */
function labelOf({ spaceTime, version }: Binding): string {
  void version.value;
  const { lanes } = spaceTime.lanes;
  const lengths = `${lanes.length} lanes, ${spaceTime.marks.all.length.toLocaleString('en')} events`;
  const index = selectedRecord.value;
  const isKept = index !== undefined && index >= extent.value.first && index < extent.value.length;
  const selected = isKept ? `Selected: ${recordWords(spaceTime.marks, index, spaceTime.unit).join(', ')}.` : '';
  return `Space–time diagram, ${lengths}. ${selected}`.trim();
}

function Tooltip({ binding }: { binding: Binding }) {
  const tip = binding.tip.value;
  if (!tip) return null;
  const { width, height } = binding.size;
  // It stays within the picture, on the side where there is room.
  const style = {
    ...(tip.x > width / 2 ? { right: `${width - tip.x + 12}px` } : { left: `${tip.x + 12}px` }),
    ...(tip.y > height / 2 ? { bottom: `${height - tip.y + 10}px` } : { top: `${tip.y + 10}px` }),
  };
  return (
    <div class="spacetime-tip" style={style} aria-hidden="true">
      {tip.lines.map((line, at) => (
        <p key={at}>{line}</p>
      ))}
    </div>
  );
}
