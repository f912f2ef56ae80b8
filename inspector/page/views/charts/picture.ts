import { activeStates } from '../../../src/chart/active.ts';
import drawingCss from '../../../src/chart/drawing.css?raw';
import { svgOf } from '../../../src/chart/svg.ts';
import { heatOf, placesOf } from '../../../src/world/activity.ts';
import type { ActorView } from '../../../src/world/world.ts';
import { drawingOf } from '../../chart/layouts.ts';
import type { Picture } from '../../pictures/picture.ts';
import { isSomewhere } from '../../state/actor-words.ts';
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
  if (node === undefined || !actor) return undefined;
  return { name: actor.address, svg: () => svgOfChart(actor, isSomewhere(actor, world.value[node]?.up ?? false)) };
}

async function svgOfChart(actor: ActorView, lit: boolean): Promise<string> {
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
