import { choose, names, type View, view } from '../state/membership.ts';
import { Charts } from './charts.tsx';
import { Members } from './members.tsx';
import { Tools } from './tools.tsx';

const VIEWS: readonly (readonly [view: View, label: string])[] = [
  ['members', 'Members'],
  ['charts', 'Charts'],
];

/** Who is alive in the eyes of whom, where a protocol tells of that; else, and when asked for, the charts. */
export function Middle() {
  return (
    <main class="middle">
      <div class="middle-head">
        {names.value.length > 0 && (
          <div class="views">
            {VIEWS.map(([which, label]) => (
              <button type="button" key={which} aria-pressed={view.value === which} onClick={() => choose(which)}>
                {label}
              </button>
            ))}
          </div>
        )}
        <Tools />
      </div>
      {view.value === 'members' ? <Members /> : <Charts />}
    </main>
  );
}
