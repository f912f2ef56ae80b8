import type { Chart } from '@synod/protocol';
import { useEffect } from 'preact/hooks';
import type { Tally } from '../../../src/story/tally.ts';
import { KINDS } from '../../../src/world/read.ts';
import { asValue } from '../../query/complete.ts';
import { shortAddress } from '../../state/lone.ts';
import { recording, world } from '../../state/store.ts';
import { type Scope, scope, shownTally, wishTally } from '../../state/tallies.ts';
import { spanText } from '../../state/time-text.ts';
import { RecordSign } from '../../ui/record-sign.tsx';
import { chartsIn, coverageOf } from './coverage.ts';
import { CoverageTable } from './coverage-table.tsx';
import { Find } from './find.tsx';
import { RateBars } from './rate-bars.tsx';

/** Actors and messages that are listed. */
const LISTED = 60;

/** What a run consists of, in numbers. */
export function StatisticsView() {
  useEffect(wishTally, []);
  const { tally, share } = shownTally();
  const unit = recording.value?.unit ?? 'ms';
  const charts = new Map(chartsIn(tally));
  // Of a run that is watched from its middle, no record may tell of a beginning.
  for (const { actors } of Object.values(world.value))
    for (const { chart } of Object.values(actors)) if (!charts.has(chart.id)) charts.set(chart.id, chart);
  return (
    <section class="statistics" aria-label="Statistics">
      <div class="statistics-head">
        <select
          aria-label="What is counted"
          value={scope.value}
          onChange={(event) => {
            scope.value = event.currentTarget.value as Scope;
          }}
        >
          <option value="all">the whole run</option>
          <option value="cursor">up to the place shown</option>
        </select>
        <span class="hint">
          {tally.all.toLocaleString('en')} records
          {share < 1 && `, counted ${Math.floor(share * 100)} %`}
        </span>
      </div>
      {tally.all === 0 && (
        <p class="empty">
          Records, messages with their latencies, and how often each transition was taken are counted here as soon as
          something happens.
        </p>
      )}
      {tally.all > 0 && <Numbers tally={tally} charts={charts} unit={unit} />}
    </section>
  );
}

interface NumbersProps {
  readonly tally: Tally;
  readonly charts: ReadonlyMap<string, Chart>;
  readonly unit: 'ms' | 'step';
}

function Numbers({ tally, charts, unit }: NumbersProps) {
  return (
    <>
      <RateBars rates={tally.rates} unit={unit} />
      <Messages tally={tally} unit={unit} />
      <div class="two">
        <Kinds tally={tally} />
        <Actors tally={tally} />
      </div>
      {coverageOf(charts.values(), tally.taken()).map((coverage) => (
        <CoverageTable key={coverage.machine} coverage={coverage} />
      ))}
    </>
  );
}

const number = (value: number): string => value.toLocaleString('en');

function Kinds({ tally }: { tally: Tally }) {
  const kinds = KINDS.map((kind, at) => [kind, tally.kinds[at] as number] as const).filter(([, count]) => count > 0);
  return (
    <table>
      <caption>Records</caption>
      <tbody>
        {kinds
          .sort(([, a], [, b]) => b - a)
          .map(([kind, count]) => (
            <tr key={kind}>
              <th scope="row">
                <Find query={`type:${kind}`}>
                  <RecordSign kind={kind} /> {kind}
                </Find>
              </th>
              <td>{number(count)}</td>
            </tr>
          ))}
        {tally.ignored > 0 && (
          <tr>
            <th scope="row">steps without a transition</th>
            <td>{number(tally.ignored)}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Actors({ tally }: { tally: Tally }) {
  const actors = tally.actors.sorted();
  return (
    <table>
      <caption>Actors</caption>
      <tbody>
        {actors.slice(0, LISTED).map(([at, count]) => {
          const address = tally.story.names.text(at);
          return (
            <tr key={address}>
              <th scope="row">
                <Find query={`actor:${asValue(address)}`}>{shortAddress(address)}</Find>
              </th>
              <td>{number(count)}</td>
            </tr>
          );
        })}
        <More count={actors.length - LISTED} />
      </tbody>
    </table>
  );
}

// What it shows grows within the tally: a part that read a signal would be drawn anew only with that.
function Messages({ tally, unit }: { tally: Tally; unit: 'ms' | 'step' }) {
  const messages = [...tally.messages].sort(([, a], [, b]) => b.sent + b.delivered - a.sent - a.delivered);
  const span = (ms: number | undefined): string => (ms === undefined ? '' : spanText(ms, unit));
  return (
    <table class="message-types">
      <caption>Messages, and the time to their first delivery</caption>
      <thead>
        <tr>
          {['type', 'sent', 'delivered', 'lost', 'again', 'least', 'median', '99 %', 'most'].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {messages.slice(0, LISTED).map(([at, { sent, delivered, lost, again, latencies }]) => {
          const name = tally.story.names.text(at);
          return (
            <tr key={at}>
              <th scope="row">{name === '' ? '(unknown)' : <Find query={`message:${asValue(name)}`}>{name}</Find>}</th>
              <td>{number(sent)}</td>
              <td>{number(delivered)}</td>
              <td class={lost > 0 ? 'lost' : ''}>{number(lost)}</td>
              <td>{number(again)}</td>
              <td>{span(latencies.min)}</td>
              <td>{span(latencies.quantile(0.5))}</td>
              <td>{span(latencies.quantile(0.99))}</td>
              <td>{span(latencies.max)}</td>
            </tr>
          );
        })}
        <More count={messages.length - LISTED} />
      </tbody>
    </table>
  );
}

function More({ count }: { count: number }) {
  if (count <= 0) return null;
  return (
    <tr>
      <th scope="row" class="hint">
        and {number(count)} more
      </th>
    </tr>
  );
}
