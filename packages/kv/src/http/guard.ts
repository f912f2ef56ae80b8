import { crossSite, hostRefused, requestInvalid } from './problem.ts';

const LOOPBACK = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/** A Host header: a name, an IPv4 address or a bracketed IPv6 address, and perhaps a port. */
const HOST = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/**
 * Refuses requests whose Host is neither a loopback name nor in `allowed`: a page whose own name was made to resolve to this
 * machine (DNS rebinding) would else be of the same origin.
 */
export function checkHost(headers: Headers, allowed: ReadonlySet<string>): void {
  const match = HOST.exec(headers.get('host') ?? '');
  if (!match) throw requestInvalid();
  const name = (match[1] as string).toLowerCase();
  if (!LOOPBACK.test(name) && !allowed.has(name)) throw hostRefused();
}

/**
 * Refuses what a page of another site had a browser send. Reads too: each costs an entry in the log.
 * Programs other than browsers send neither header.
 */
export function checkOrigin(headers: Headers): void {
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') throw crossSite();
  const origin = headers.get('origin');
  if (origin !== null && origin.toLowerCase() !== `http://${headers.get('host')}`.toLowerCase()) throw crossSite();
}
