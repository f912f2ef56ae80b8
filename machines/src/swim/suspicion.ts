import type { SwimContext } from './context.ts';

/**
 * How long a suspicion stands in all after `confirmations` independent ones: Lifeguard §IV-B,
 * max(min, max − (max − min) · log(c + 1) / log(k + 1)). All in milliseconds; with k = 0 it is the least at once.
 */
export function suspicionTimeout(
  { minMs, maxMs, k }: { readonly minMs: number; readonly maxMs: number; readonly k: number },
  confirmations: number,
): number {
  if (k < 1) return minMs;
  const timeout = maxMs - (maxMs - minMs) * (Math.log(confirmations + 1) / Math.log(k + 1));
  return Math.max(minMs, Math.floor(timeout));
}

/** The decimal digits of n: ⌈log₁₀(n + 1)⌉, and never subject to rounding. */
export const digits = (n: number): number => String(n).length;

/** The bounds for a cluster of this size. Where fewer than k others could confirm, as many as there are. */
export function suspicionBounds({ settings, size }: Pick<SwimContext, 'settings' | 'size'>) {
  const { lifeguard, periodMs, confirmations } = settings;
  const minMs = settings.suspicionMinMs ?? Math.max(4, Math.ceil(4 * Math.log10(Math.max(1, size)))) * periodMs;
  if (!lifeguard.suspicion) return { minMs, maxMs: minMs, k: 0 };
  // Two can never confirm: the suspect and this member.
  const k = Math.min(confirmations, Math.max(0, size - 2));
  return { minMs, maxMs: settings.suspicionMaxMs ?? 6 * minMs, k };
}
