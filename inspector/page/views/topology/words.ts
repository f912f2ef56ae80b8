import { isParted, type LinkFault, liesOn } from '@synod/protocol';
import type { Faults } from '../../../src/world/controls.ts';
import type { LinkTraffic } from './traffic.ts';

// Links in words and classes.

/** A duration as short as a label wants it. */
export function shortMs(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1_000)} µs`;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** Messages a second, as short as a label wants it. */
const shortRate = (perSecond: number): string =>
  perSecond >= 10 ? `${Math.round(perSecond)}/s` : `${Number(perSecond.toFixed(1))}/s`;

/** Upper bounds of the classes of latency, in milliseconds. */
export const LATENCIES = [1, 10, 100, 1_000] as const;

/** The class of a latency, from 0; undefined where nothing was delivered. */
export function latencyClass(ms: number | undefined): number | undefined {
  if (ms === undefined) return undefined;
  const at = LATENCIES.findIndex((bound) => ms < bound);
  return at < 0 ? LATENCIES.length : at;
}

/** Whether anything could be sent over a link at present. */
export const isCut = ({ groups }: Faults, from: string, to: string): boolean => isParted(groups, from, to);

/** The faults that lie on a link. */
export const faultsOn = ({ links }: Faults, from: string, to: string): readonly LinkFault[] =>
  links.filter((fault) => liesOn(fault, from, to));

/** What lies on a link, as short as a label wants it: `drop 30 %, +200 ms`. */
export function shortFaults(faults: readonly LinkFault[]): string {
  const parts = faults.map((fault) => {
    if (fault.kind === 'delay') {
      const [least, most] = fault.addMs;
      return `+${least === most ? least : `${least}–${most}`} ms`;
    }
    return `${fault.kind === 'duplicate' ? 'twice' : fault.kind} ${Number((fault.chance * 100).toFixed(1))} %`;
  });
  return parts.join(', ');
}

/** How much time counts lie in, and in what it is measured. */
export interface Span {
  readonly ms: number;
  readonly unit: 'ms' | 'step';
}

/** How many messages went over a link, as a rate where time is measured. */
export const amount = (count: number, { ms, unit }: Span): string =>
  unit === 'step' ? `${count}` : shortRate((count * 1_000) / ms);

/** All that is known of a link, in a line. */
export function linkWords(from: string, to: string, link: LinkTraffic | undefined, faults: Faults, span: Span): string {
  const parts = [`${from} → ${to}: ${link ? `${amount(link.sent, span)} sent` : 'nothing sent'}`];
  if (link?.latencyMs !== undefined)
    parts.push(span.unit === 'step' ? `median ${link.latencyMs} steps` : `median latency ${shortMs(link.latencyMs)}`);
  if (link && link.underWay > 0) parts.push(`${link.underWay} under way`);
  if (link && link.lost > 0) parts.push(`${link.lost} lost`);
  if (link && link.twice > 0) parts.push(`${link.twice} delivered twice`);
  if (isCut(faults, from, to)) parts.push('cut by a partition');
  const laid = faultsOn(faults, from, to);
  if (laid.length > 0) parts.push(shortFaults(laid));
  return parts.join(', ');
}
