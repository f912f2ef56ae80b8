import drawingCss from '../../../src/chart/drawing.css?raw';
import { marksOf } from '../../../src/chart/marks.ts';
import { svgOf } from '../../../src/chart/svg.ts';
import type { ActorView } from '../../../src/world/world.ts';
import { drawingOf } from '../../chart/layouts.ts';
import type { Picture } from '../../pictures/picture.ts';
import { selectedActor, selectedNode, world } from '../../state/store.ts';
import { theme } from '../../state/theme.ts';
import themeCss from '../../style/theme.css?raw';
import { foldedIn, heatShown } from './options.ts';

/** The actor of a node whose chart is shown large. */
export function largeActor(node: string): ActorView | undefined {
  const actors = Object.values(world.value[node]?.actors ?? {});
  return actors.find(({ address }) => address === selectedActor.value) ?? actors[0];
}

/** The chart that is shown large, all of it; undefined while there is none. */
export function chartPicture(): Picture | undefined {
  const node = selectedNode.value;
  const actor = node === undefined ? undefined : largeActor(node);
  return actor && { name: actor.address, svg: () => svgOfChart(actor) };
}

async function svgOfChart(actor: ActorView): Promise<string> {
  const drawing = await drawingOf(actor.chart, 'full', foldedIn(actor.chart.id));
  return svgOf(drawing, {
    theme: theme.value,
    css: `${themeCss}\n${drawingCss}`,
    label: `Statechart of ${actor.protocol}`,
    ...marksOf(actor, { heat: heatShown.value }),
  });
}
