import { choose, type View, view, viewsOffered } from '../state/membership.ts';
import { LabView } from '../views/lab/lab.tsx';
import { VerdictsView } from '../views/verdicts/verdicts.tsx';
import { Charts } from './charts.tsx';
import { Members } from './members.tsx';
import { Tools } from './tools.tsx';

const LABELS: Readonly<Record<View, string>> = {
  members: 'Members',
  charts: 'Charts',
  verdicts: 'Verdicts',
  lab: 'Lab',
};

const VIEWS = { members: Members, charts: Charts, verdicts: VerdictsView, lab: LabView } as const;

/** Who is alive in the eyes of whom, where a protocol tells of that; else, and when asked for, the charts. */
export function Middle() {
  const Shown = VIEWS[view.value];
  return (
    <main class="middle">
      <div class="middle-head">
        {viewsOffered.value.length > 1 && (
          <div class="views">
            {viewsOffered.value.map((which) => (
              <button type="button" key={which} aria-pressed={view.value === which} onClick={() => choose(which)}>
                {LABELS[which]}
              </button>
            ))}
          </div>
        )}
        <Tools />
      </div>
      <Shown />
    </main>
  );
}
