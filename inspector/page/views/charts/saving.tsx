import { activeStates } from '../../../src/chart/active.ts';
import drawingCss from '../../../src/chart/drawing.css?raw';
import { svgOf } from '../../../src/chart/svg.ts';
import { heatOf, placesOf } from '../../../src/world/activity.ts';
import type { ActorView } from '../../../src/world/world.ts';
import { drawingOf } from '../../chart/layouts.ts';
import { saveBlob } from '../../open/save.ts';
import { notice } from '../../state/store.ts';
import { theme } from '../../state/theme.ts';
import themeCss from '../../style/theme.css?raw';
import { foldedIn, heatShown } from './options.ts';

/** Saves the chart as it is shown. */
export function Saving({ actor, lit }: { actor: ActorView; lit: boolean }) {
  const name = actor.address.replace(/[^\w.-]+/g, '-');
  const save = (type: 'svg' | 'png'): void => {
    pictureOf(actor, lit)
      .then((svg) => (type === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : pngOf(svg)))
      .then((blob) => saveBlob(blob, `${name}.${type}`))
      .catch(() => {
        notice.value = { ok: false, text: `The picture could not be made as ${type.toUpperCase()}.` };
      });
  };
  return (
    <span class="saving">
      Save picture
      <button type="button" aria-label="Save picture as SVG" onClick={() => save('svg')}>
        SVG
      </button>
      <button type="button" aria-label="Save picture as PNG" onClick={() => save('png')}>
        PNG
      </button>
    </span>
  );
}

async function pictureOf(actor: ActorView, lit: boolean): Promise<string> {
  const drawing = await drawingOf(actor.chart, 'full', foldedIn(actor.chart.id));
  const most = Math.max(0, ...actor.counts);
  const shades = [...placesOf(actor.chart)].flatMap(([ref, place]) => {
    const shade = heatOf(actor.counts[place] ?? 0, most);
    return shade > 0 ? [[ref, `heat-${shade}`] as const] : [];
  });
  return svgOf(drawing, {
    theme: theme.value,
    css: `${themeCss}\n${drawingCss}`,
    label: `Statechart of ${actor.protocol}`,
    active: lit ? activeStates(actor.chart, actor.state) : [],
    classes: new Map(heatShown.value ? shades : []),
  });
}

/** Pixels of a PNG for one of the drawing, so that it is sharp on every screen. */
const SCALE = 2;
/** Browsers make no canvas with longer sides than this. */
const LONGEST = 16_000;

async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(SCALE, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = image.width * scale;
  canvas.height = image.height * scale;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png');
  });
}
