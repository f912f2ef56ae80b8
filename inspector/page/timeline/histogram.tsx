import { useEffect, useRef } from 'preact/hooks';
import { cursor, extent, moment, recording, seek, story } from '../state/store.ts';
import { theme } from '../state/theme.ts';
import { bookmarks, playing } from './playback.ts';
import { Tallies } from './tallies.ts';
import { timeWords } from './words.ts';

/** The width of a bar and the room to the next, in pixels. */
const BAR = 3;
const GAP = 1;

/** How much happened when, and where the page is: a picture that is pointed into, and a slider for everybody else. */
export function Histogram() {
  const host = useRef<HTMLCanvasElement>(null);
  const tallies = useRef<{ readonly of: unknown; readonly counts: Tallies }>(undefined);
  if (tallies.current?.of !== story.value) tallies.current = { of: story.value, counts: new Tallies(story.value) };
  const { counts } = tallies.current;
  useEffect(() => {
    const canvas = host.current;
    if (!canvas) return;
    const observer = new ResizeObserver(() => draw(canvas, counts));
    observer.observe(canvas);
    return () => observer.disconnect();
  }, [counts]);
  // Read here, so that it is drawn anew with each of them.
  void [extent.value, cursor.value, theme.value, bookmarks.value];
  useEffect(() => {
    if (!host.current) return;
    counts.update();
    draw(host.current, counts);
  });
  const { first, length } = extent.value;
  const point = (event: PointerEvent) => {
    if (event.buttons !== 1 || !(event.currentTarget instanceof HTMLElement)) return;
    playing.value = false;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const { from, to } = counts.span;
    const at = from + ((to - from) * (event.clientX - left)) / Math.max(1, width);
    seek(at >= to ? length : story.value.indexAt(at));
  };
  return (
    <div
      class="histogram"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        point(event);
      }}
      onPointerMove={point}
    >
      <canvas ref={host} />
      <input
        type="range"
        aria-label="Place in the recording"
        aria-valuetext={moment.value === undefined ? 'the beginning' : timeWords(moment.value, recording.value?.unit)}
        min={first}
        max={length}
        value={cursor.value}
        onInput={(event) => {
          playing.value = false;
          seek(Number(event.currentTarget.value));
        }}
      />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, counts: Tallies): void {
  const pen = canvas.getContext('2d');
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!pen || width === 0) return;
  const ratio = devicePixelRatio;
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  pen.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name);
  const bars = counts.bars(Math.max(1, Math.floor(width / (BAR + GAP))));
  const most = Math.max(1, ...bars.map(({ count }) => count));
  // Few among many would not be seen: heights grow with the logarithm.
  const tall = (count: number) =>
    count === 0 ? 0 : Math.max(2, ((height - 8) * Math.log1p(count)) / Math.log1p(most));
  const from = counts.span.from;
  const span = counts.span.to - from;
  const placeOf = (ms: number) => (span > 0 ? ((ms - from) / span) * width : width);
  const now = moment.peek() === undefined ? 0 : placeOf(moment.peek() as number);
  for (const [at, { count, rare, bad }] of bars.entries()) {
    const x = at * (BAR + GAP);
    pen.globalAlpha = x > now ? 0.4 : 1;
    pen.fillStyle = colour('--edge');
    pen.fillRect(x, height - tall(count), BAR, tall(count));
    if (rare > 0) {
      pen.fillStyle = colour('--accent');
      pen.fillRect(x, height - Math.min(tall(count), tall(rare)), BAR, Math.min(tall(count), tall(rare)));
    }
    if (bad > 0) {
      // Also by its place: what was lost hangs from above.
      pen.fillStyle = colour('--bad');
      pen.fillRect(x, 0, BAR, 5);
    }
  }
  pen.globalAlpha = 1;
  pen.fillStyle = colour('--bad');
  for (const { index } of story.peek().gaps)
    if (index < story.peek().length) leftOut(pen, placeOf(story.peek().at(index)), height);
  for (const index of bookmarks.peek()) {
    if (index < story.peek().first || index >= story.peek().length) continue;
    flag(pen, placeOf(story.peek().at(index)), colour('--guard'));
  }
  pen.fillStyle = colour('--taken');
  pen.fillRect(now - 1, 0, 2, height);
  pen.beginPath();
  pen.arc(now, 5, 5, 0, 2 * Math.PI);
  pen.fill();
}

/** Records were left out here: a line with gaps of its own. */
function leftOut(pen: CanvasRenderingContext2D, x: number, height: number): void {
  for (let y = 0; y < height; y += 6) pen.fillRect(x - 0.5, y, 1, 3);
}

function flag(pen: CanvasRenderingContext2D, x: number, colour: string): void {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.moveTo(x, 0);
  pen.lineTo(x + 8, 4);
  pen.lineTo(x, 8);
  pen.fill();
  pen.fillRect(x - 0.5, 0, 1, 16);
}
