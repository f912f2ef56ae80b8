import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from './access.ts';
import { cookie } from './access.ts';
import { HEADERS } from './headers.ts';
import type { PageFile } from './page-files.ts';
import type { Recordings } from './recordings.ts';

/** The name of the session cookie: cookies do not know of ports, so the name does. */
export const cookieName = (port: number): string => `synod-inspector-${port}`;

/** Serves the page: a one-time token in the URL becomes a session cookie, and the URL loses it. */
export function servePage(
  request: IncomingMessage,
  response: ServerResponse,
  {
    access,
    files,
    recordings,
    port,
  }: { access: Access; files: ReadonlyMap<string, PageFile>; recordings: Recordings; port: number },
): void {
  const url = new URL(request.url ?? '/', 'http://inspector');
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return plain(response, 405, 'Only GET is served here.', { allow: 'GET, HEAD' });
  const token = url.searchParams.get('token');
  const known = access.session(cookie(request, cookieName(port)));
  if (url.pathname === '/' && token !== null) {
    // A browser that only looks on may come to act by another address, and none that acts is set back.
    const session = known && !access.isMore(token, known) ? undefined : access.redeem(token);
    if (!known && session === undefined) return plain(response, 403, USED);
    const header = session && { 'set-cookie': `${cookieName(port)}=${session}; HttpOnly; SameSite=Strict; Path=/` };
    return plain(response, 303, 'The page is at /.', { location: '/', ...header });
  }
  if (!known) return plain(response, 403, USED);
  if (request.method === 'GET' && recordings.serve(url.pathname, response)) return;
  const file = files.get(url.pathname === '/' ? '/index.html' : url.pathname);
  if (!file)
    return plain(response, files.size === 0 ? 503 : 404, files.size === 0 ? NOT_BUILT : 'There is no such file.');
  const cache = url.pathname.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store';
  response
    .writeHead(200, { ...HEADERS, 'content-type': file.type, 'cache-control': cache })
    .end(request.method === 'HEAD' ? undefined : file.body);
}

/** Answers with a sentence. */
export function plain(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, {
      ...HEADERS,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      ...headers,
    })
    .end(`${text}\n`);
}

const USED =
  'INSPECTOR_TOKEN: this address lacks a valid token, or its token has been used. Each token opens the inspector once; "synod inspect" prints an address with a new one.';
const NOT_BUILT = 'INSPECTOR_NOT_BUILT: the page is not built; run "pnpm --filter @synod/inspector run build:page".';
