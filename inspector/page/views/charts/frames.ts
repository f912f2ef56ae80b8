// One animation frame for all charts that count down: it is asked for only while there is any.

const counting = new Set<() => void>();
let scheduled = false;

function turn(): void {
  scheduled = false;
  for (const draw of counting) draw();
  schedule();
}

function schedule(): void {
  if (scheduled || counting.size === 0) return;
  scheduled = true;
  requestAnimationFrame(turn);
}

/** Calls `draw` with every animation frame until it is told to end. */
export function eachFrame(draw: () => void): () => void {
  counting.add(draw);
  schedule();
  return () => void counting.delete(draw);
}
