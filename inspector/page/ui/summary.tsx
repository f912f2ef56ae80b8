import { inShort, isDisputed, memberIn, type Standing, standingIn, type Verdict } from '../state/matrix.ts';
import { matrix, pointed, verdicts } from '../state/membership.ts';
import { selectedNode, selectNode } from '../state/store.ts';

const ORDER: readonly Standing[] = ['alive', 'suspect', 'dead', 'left', 'unknown'];

/** How many members stand how, and whether all who look agree. */
export function Summary() {
  const disputed = verdicts.value.filter(isDisputed);
  const news = verdicts.value.filter(({ agreed, isNews }) => isNews && agreed !== undefined).length;
  const counts = ORDER.map((standing) => [standing, count(verdicts.value, standing)] as const).filter(([, n]) => n > 0);
  return (
    <p class="summary" role="status">
      {counts.map(([standing, n]) => (
        <span key={standing} class={`standing ${standing}`}>
          <strong>{n}</strong> {standing}
        </span>
      ))}
      {news > 0 && <span class="news">{news} not known to all</span>}
      {disputed.length === 0 && news === 0 && <span class="agree">all agree</span>}
      {disputed.length > 0 && (
        <span class="disagree">
          <strong>{disputed.length}</strong> disputed: <Disputed verdicts={disputed} />
        </span>
      )}
    </p>
  );
}

const count = (verdicts: readonly Verdict[], standing: Standing): number =>
  verdicts.filter(({ agreed }) => agreed === standing).length;

/** Disputed members that are named; the columns mark them all. */
const NAMED = 5;

function Disputed({ verdicts }: { verdicts: readonly Verdict[] }) {
  return (
    <>
      {verdicts.slice(0, NAMED).map(({ node }) => (
        <button type="button" key={node} onClick={() => selectNode(node)}>
          {node}
        </button>
      ))}
      {verdicts.length > NAMED && ` and ${verdicts.length - NAMED} more`}
    </>
  );
}

/** What the cell says that a person points at, or reached by the keyboard. */
export function PointedAt() {
  const at = pointed.value;
  return <p class="pointed">{words(at?.observer, at ? at.member : selectedNode.value)}</p>;
}

function words(observer: string | undefined, member: string | undefined): string {
  if (observer !== undefined && member !== undefined) return cellWords(observer, member);
  if (observer !== undefined) return ofObserver(observer);
  if (member !== undefined) return ofMember(member);
  return 'A row is what one node sees; a column is how one member is seen. Point at a cell, or walk with the arrow keys.';
}

const seenBy = (node: string) => matrix.value.rows.find((row) => row.node === node);

function cellWords(observer: string, member: string): string {
  const row = seenBy(observer);
  if (!row?.up) return `${observer} is down, and sees nobody.`;
  const seen = memberIn(row.seen, member);
  if (seen) return `${observer} sees ${member}: ${seen.status}, incarnation ${seen.incarnation}`;
  return observer === member ? `${observer} itself` : `${observer} has not told of ${member}`;
}

function ofObserver(observer: string): string {
  const row = seenBy(observer);
  if (!row?.up) return `${observer} is down, and sees nobody.`;
  const others = matrix.value.columns.filter((node) => node !== observer);
  const groups = ORDER.map((standing) => [standing, others.filter((node) => standingIn(row.seen, node) === standing)]);
  const parts = groups.flatMap(([standing, nodes]) =>
    nodes && nodes.length > 0 ? `${nodes.length} ${String(standing)}` : [],
  );
  return `${observer} sees ${parts.join(', ') || 'nobody'}`;
}

function ofMember(member: string): string {
  const verdict = verdicts.value.find(({ node }) => node === member);
  if (!verdict || verdict.says.length === 0) return `${member}: nobody looks`;
  const parts = verdict.says.map(([standing, observers], at) =>
    at === 0 ? `${standing} in the eyes of ${observers.length}` : `${standing} in those of ${inShort(observers)}`,
  );
  return `${member}: ${parts.join(', ')}`;
}
