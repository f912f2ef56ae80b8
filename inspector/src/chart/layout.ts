import type { Chart, ChartState } from '@synod/protocol';
import type { ELK } from 'elkjs/lib/elk-api.js';
import { withActorNames } from './actor-names.ts';
import { enclose, grow, move, type Placed } from './block.ts';
import { boxOf, type Sizing } from './boxes.ts';
import type { Detail, Drawing } from './drawing.ts';
import { faultsOf } from './faults.ts';
import { fold } from './fold.ts';
import { CONTENT, type Direction, islandOf, MANY_LINES, type Style } from './graph.ts';
import { placeIsland } from './place.ts';
import { routesOf } from './routes.ts';
import type { Measure } from './text.ts';

/** What a layout needs of its surroundings. */
export interface Tools {
  readonly elk: Pick<ELK, 'layout'>;
  readonly measure: Measure;
  readonly detail: Detail;
  /** Ids of states that are drawn without their inside. */
  readonly folded?: ReadonlySet<string>;
  /** Width to height of the room the drawing is for. */
  readonly ratio?: number;
}

/** Where everything in `chart` goes. Every state without a line across its frame is laid out alone, then placed as a box. */
export async function layoutChart(
  whole: Chart,
  { elk, measure, detail, folded: ids = new Set(), ratio = 1.3 }: Tools,
): Promise<Drawing> {
  const { chart, folded } = fold(withActorNames(whole), ids);
  const asRows = detail === 'names' ? everyParent(chart.root) : new Set<string>();
  for (;;) {
    const refused = asRows.size;
    const work: Work = { routes: routesOf(chart, asRows), detail, measure, elk, ratio, asRows, folded };
    const { width, height, boxes, edges, dots } = await layoutState(chart.root, 0, work);
    // Rows make boxes larger: where lines have just become rows, all begins anew.
    if (asRows.size > refused) continue;
    return { width, height, boxes: [...boxes].sort((a, b) => a.depth - b.depth), edges, dots };
  }
}

interface Work extends Sizing {
  readonly elk: Tools['elk'];
  readonly ratio: number;
  /** States among whose children no line could be drawn soundly; there, transitions become rows. Grows. */
  readonly asRows: Set<string>;
}

const everyParent = (state: ChartState): Set<string> =>
  new Set(state.states.length === 0 ? [] : [state.id, ...state.states.flatMap((child) => [...everyParent(child)])]);

async function layoutState(state: ChartState, depth: number, work: Work): Promise<Placed> {
  const region = state.kind !== 'history' && work.routes.parentOf.get(state.id)?.kind === 'parallel';
  const own = boxOf(state, depth, region, work);
  if (state.states.length === 0) {
    const height = own.rows.length > 0 ? own.header + 2 : own.header;
    return enclose(own, own.width, height, []);
  }
  const blocks = await inner(state, depth, work);
  if (state.kind === 'parallel') {
    const of = (children: readonly ChartState[]) => children.flatMap((child) => blocks.get(child.id) ?? []);
    const regions = pack(own, of(state.states.filter(({ kind }) => kind !== 'history')), work.ratio, true);
    return below(regions, of(state.states.filter(({ kind }) => kind === 'history')));
  }
  return layoutIsland(state, depth, blocks, work);
}

/** The blocks of all that is boxed in the island of `state`; of a pierced state its empty box, for its size, and its children's. */
async function inner(state: ChartState, depth: number, work: Work): Promise<Map<string, Placed>> {
  const blocks = new Map<string, Placed>();
  for (const child of state.states) {
    if (!work.routes.pierced.has(child.id)) {
      blocks.set(child.id, await layoutState(child, depth + 1, work));
      continue;
    }
    const box = boxOf(child, depth + 1, false, work);
    blocks.set(child.id, enclose(box, box.width, box.height, []));
    for (const [id, block] of await inner(child, depth + 1, work)) blocks.set(id, block);
  }
  return blocks;
}

/** The best of both directions; where ELK fails or gives something unsound, without document order. */
async function layoutIsland(
  state: ChartState,
  depth: number,
  blocks: ReadonlyMap<string, Placed>,
  work: Work,
): Promise<Placed> {
  if (work.detail === 'names') return withoutLines(state, depth, blocks, work);
  const nested = state.states.some((child) => work.routes.pierced.has(child.id));
  const attempt = async (direction: Direction, ordered: boolean): Promise<Placed | undefined> => {
    const style: Style = { direction, ordered };
    const island = islandOf(state, blocks, style, work);
    const answer = await work.elk.layout(island.graph).catch(() => undefined);
    const placed = answer && placeIsland(state, depth, blocks, island, answer, direction, work);
    return placed && faultsOf(placed).length === 0 ? placed : undefined;
  };
  for (const ordered of nested ? [false] : [true, false]) {
    const down = await attempt('DOWN', ordered);
    const isEnough = down && work.routes.lines.length >= MANY_LINES;
    const found = [down, isEnough ? undefined : await attempt('RIGHT', ordered)].filter(
      (placed) => placed !== undefined,
    );
    const best = found.sort((a, b) => cost(a, work.ratio) - cost(b, work.ratio))[0];
    if (best) return best;
  }
  work.asRows.add(state.id);
  return withoutLines(state, depth, blocks, work);
}

/** How large a window of the wanted ratio must be to show a block. */
const cost = ({ width, height }: Pick<Placed, 'width' | 'height'>, ratio: number): number =>
  Math.max(width, height * ratio);

const GAP = 12;

/** Blocks in rows below the header of `own`, in as many columns as suit `ratio`; `stretch` fills the rows. */
function pack(own: Placed['boxes'][number], blocks: readonly Placed[], ratio: number, stretch: boolean): Placed {
  const choices = blocks.map((_, index) => inColumns(own, blocks, index + 1, stretch));
  const best = choices.sort((a, b) => cost(a, ratio) - cost(b, ratio))[0];
  return best ?? enclose(own, own.width, own.height, []);
}

function inColumns(own: Placed['boxes'][number], blocks: readonly Placed[], columns: number, stretch: boolean): Placed {
  const rows: Placed[][] = [];
  for (let index = 0; index < blocks.length; index += columns) rows.push(blocks.slice(index, index + columns));
  const wide = (row: readonly Placed[]): number =>
    row.reduce((sum, block) => sum + block.width, 0) + (row.length - 1) * GAP;
  const room = Math.max(own.width - 2 * CONTENT, ...rows.map(wide));
  let y = own.header;
  const placed = rows.flatMap((row) => {
    const tall = Math.max(...row.map((block) => block.height));
    const extra = stretch ? (room - wide(row)) / row.length : 0;
    let x = CONTENT;
    const line = row.map((block) => {
      const grown = stretch ? grow(block, block.width + extra, tall) : block;
      const moved = move(grown, x, y);
      x += grown.width + GAP;
      return moved;
    });
    y += tall + GAP;
    return line;
  });
  return enclose(own, room + 2 * CONTENT, y - GAP + CONTENT, placed);
}

/** Signs of history in a row of their own below what is in a block. */
function below(block: Placed, signs: readonly Placed[]): Placed {
  const [own, ...boxes] = block.boxes;
  if (!own || signs.length === 0) return block;
  let right = CONTENT;
  const placed = signs.map((sign) => {
    const moved = move(sign, right, block.height - CONTENT + GAP);
    right += sign.width + GAP;
    return moved;
  });
  const tall = Math.max(...signs.map(({ height }) => height));
  const width = Math.max(block.width, right - GAP + CONTENT);
  return enclose(own, width, block.height + GAP + tall, [{ ...block, boxes }, ...placed]);
}

/** The last resort: states alone, their transitions as rows. */
function withoutLines(state: ChartState, depth: number, blocks: ReadonlyMap<string, Placed>, work: Work): Placed {
  const own = boxOf(state, depth, false, work);
  const flat = state.states.flatMap((child) => blocks.get(child.id) ?? []);
  return pack(own, flat, work.ratio, false);
}
