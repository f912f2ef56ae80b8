import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKvServer } from '../src/index.ts';
import { createHttpCluster, type HttpCluster, problem, type Request, raw, request, until } from './http-cluster.ts';

let http: HttpCluster;
let url: string;

beforeAll(async () => {
  http = await createHttpCluster({}, { allowedHosts: ['KV.example'] });
  url = http.servers.n1?.url as string;
});
afterAll(() => http.stop());

const TOO_LARGE = 'x'.repeat(1_048_577);
const SESSION = { 'synod-client': '1', 'synod-sequence': '1', 'synod-answered-below': '1' };

describe('refusals', () => {
  it.each<[status: number, code: string, Request]>([
    [400, 'KV_KEY_INVALID', { path: '/v1/kv/' }],
    [400, 'KV_KEY_INVALID', { path: '/v1/kv/%zz' }],
    [400, 'KV_KEY_INVALID', { path: '/v1/kv/%ff' }],
    [400, 'KV_KEY_INVALID', { path: '/v1/kv/%ED%A0%80' }],
    [400, 'KV_KEY_INVALID', { path: '/v1/watch/%zz' }],
    [400, 'KV_VALUE_INVALID', { method: 'PUT', path: '/v1/kv/a', body: Uint8Array.of(0x61, 0xff) }],
    [400, 'KV_VALUE_INVALID', { method: 'PUT', path: '/v1/kv/a', body: Uint8Array.of(0xe2, 0x82) }],
    [400, 'KV_HEADER_INVALID', { method: 'PUT', path: '/v1/kv/a', body: '', headers: { 'if-match': '*' } }],
    [400, 'KV_HEADER_INVALID', { method: 'PUT', path: '/v1/kv/a', body: '', headers: { 'if-match': '7' } }],
    [400, 'KV_HEADER_INVALID', { method: 'PUT', path: '/v1/kv/a', body: '', headers: { 'if-match': '"1", "2"' } }],
    [400, 'KV_HEADER_INVALID', { method: 'PUT', path: '/v1/kv/a', body: '', headers: { 'if-none-match': '"1"' } }],
    [
      400,
      'KV_HEADER_INVALID',
      { method: 'PUT', path: '/v1/kv/a', body: '', headers: { 'if-match': '"1"', 'if-none-match': '*' } },
    ],
    [400, 'KV_HEADER_INVALID', { path: '/v1/kv/a', headers: { ...SESSION, 'synod-sequence': '-1' } }],
    [400, 'KV_HEADER_INVALID', { path: '/v1/kv/a', headers: { ...SESSION, 'synod-client': '9'.repeat(16) } }],
    [400, 'KV_HEADER_INVALID', { path: '/v1/kv/a', headers: { 'synod-client': '1' } }],
    [400, 'KV_HEADER_INVALID', { path: '/v1/watch/a', headers: { 'last-event-id': 'x' } }],
    [400, 'KV_REQUEST_INVALID', { path: '/v1/status', headers: { host: 'localhost:' } }],
    [400, 'KV_REQUEST_INVALID', { path: '/v1/status', headers: { host: 'a b' } }],
    [400, 'KV_SESSION_INVALID', { path: '/v1/kv/a', headers: { ...SESSION, 'synod-answered-below': '2' } }],
    [400, 'KV_QUERY_INVALID', { path: '/v1/kv/a?wait=1' }],
    [400, 'KV_QUERY_INVALID', { path: '/v1/watch' }],
    [400, 'KV_QUERY_INVALID', { path: '/v1/watch?prefix=%zz' }],
    [400, 'KV_QUERY_INVALID', { path: '/v1/watch?prefix=a&prefix=b' }],
    [400, 'KV_QUERY_INVALID', { path: '/v1/watch?prefix=a&after=now' }],
    [403, 'KV_CROSS_SITE', { method: 'PUT', path: '/v1/kv/a', body: '', headers: { origin: 'http://evil.example' } }],
    [403, 'KV_CROSS_SITE', { method: 'DELETE', path: '/v1/kv/a', headers: { origin: 'null' } }],
    [403, 'KV_CROSS_SITE', { method: 'POST', path: '/v1/sessions', headers: { 'sec-fetch-site': 'cross-site' } }],
    [403, 'KV_CROSS_SITE', { path: '/v1/kv/a', headers: { 'sec-fetch-site': 'same-site' } }],
    [404, 'KV_KEY_NOT_FOUND', { path: '/v1/kv/nothing' }],
    [404, 'KV_ROUTE_UNKNOWN', { path: '/' }],
    [404, 'KV_ROUTE_UNKNOWN', { path: '/v1/kv' }],
    [404, 'KV_ROUTE_UNKNOWN', { path: '/v1/kv/..' }],
    [404, 'KV_ROUTE_UNKNOWN', { path: '/v2/kv/a' }],
    [405, 'KV_METHOD_NOT_ALLOWED', { method: 'POST', path: '/v1/kv/a', body: '' }],
    [405, 'KV_METHOD_NOT_ALLOWED', { method: 'OPTIONS', path: '/v1/kv/a' }],
    [405, 'KV_METHOD_NOT_ALLOWED', { method: 'DELETE', path: '/v1/status' }],
    [405, 'KV_METHOD_NOT_ALLOWED', { method: 'GET', path: '/v1/sessions' }],
    [405, 'KV_METHOD_NOT_ALLOWED', { method: 'PUT', path: '/v1/watch/a', body: '' }],
    [410, 'KV_SESSION_EXPIRED', { method: 'PUT', path: '/v1/kv/a', body: '', headers: SESSION }],
    [412, 'KV_REVISION_MISMATCH', { method: 'PUT', path: '/v1/kv/nothing', body: '', headers: { 'if-match': '"1"' } }],
    [413, 'KV_VALUE_TOO_LARGE', { method: 'PUT', path: '/v1/kv/a', body: TOO_LARGE }],
    [413, 'KV_VALUE_TOO_LARGE', { method: 'PUT', path: '/v1/kv/a', body: Array(40).fill(Buffer.alloc(65_536)) }],
    [414, 'KV_KEY_INVALID', { path: `/v1/kv/${'x'.repeat(1025)}` }],
    [414, 'KV_KEY_INVALID', { path: `/v1/kv/${'%E2%82%AC'.repeat(342)}` }],
    [415, 'KV_MEDIA_TYPE', { method: 'PUT', path: '/v1/kv/a', body: 'x', headers: { 'content-encoding': 'gzip' } }],
    [
      415,
      'KV_MEDIA_TYPE',
      { method: 'PUT', path: '/v1/kv/a', body: 'x', headers: { 'content-type': 'text/plain; charset=latin1' } },
    ],
    [421, 'KV_HOST_REFUSED', { path: '/v1/status', headers: { host: 'evil.example' } }],
    [421, 'KV_HOST_REFUSED', { path: '/v1/status', headers: { host: '127.0.0.1.evil.example' } }],
    [431, 'KV_HEADERS_TOO_LARGE', { path: '/v1/status', headers: { 'x-large': 'x'.repeat(20_000) } }],
    [431, 'KV_HEADERS_TOO_LARGE', { path: `/v1/kv/${'x'.repeat(20_000)}` }],
  ])('%i %s', async (status, code, refused) => {
    const answer = await request(url, refused);
    expect({ status: answer.status, code: problem(answer).code }).toEqual({ status, code });
    if (status === 405) expect(answer.headers.allow).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
  });

  it.each([
    [{ host: 'localhost:1' }],
    [{ host: '127.9.9.9' }],
    [{ host: '[::1]:80' }],
    [{ host: 'kv.EXAMPLE' }],
    [{ origin: 'http://localhost', host: 'localhost' }],
    [{ 'sec-fetch-site': 'same-origin' }],
    [{ 'sec-fetch-site': 'none' }],
  ])('spare %j', async (headers) => {
    expect((await request(url, { path: '/v1/status', headers: headers as Record<string, string> })).status).toBe(200);
  });

  it.each<[status: number, code: string, string]>([
    [400, 'KV_REQUEST_INVALID', 'nonsense\r\n\r\n'],
    [400, 'KV_REQUEST_INVALID', 'GET /v1/status HTTP/1.1\r\nConnection: close\r\n\r\n'],
    [400, 'KV_REQUEST_INVALID', 'GET /v1\\status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
    [
      421,
      'KV_HOST_REFUSED',
      'GET http://localhost/v1/status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    ],
  ])('%i %s for a request by hand', async (status, code, bytes) => {
    const answer = await raw(url, bytes);
    expect({ status: answer.status, code: problem(answer).code }).toEqual({ status, code });
  });

  it('408 for a body that does not come', async () => {
    const server = createKvServer({ node: http.cluster.node('n1'), requestTimeoutMs: 100 });
    await server.start();
    const answer = await raw(server.url, 'PUT /v1/kv/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab');
    expect({ status: answer.status, code: problem(answer).code }).toEqual({ status: 408, code: 'KV_REQUEST_TIMEOUT' });
    await server.stop();
  });

  it('503 for one request too many, and not for the next', async () => {
    const server = createKvServer({ node: http.cluster.node('n1'), maxRequests: 1 });
    await server.start();
    const route = http.cluster.route;
    http.cluster.route = () => 'drop';
    const slow = request(server.url, { method: 'PUT', path: '/v1/kv/slow', body: 'x' });
    const busy = await until(async () => {
      const answer = await request(server.url, { path: '/v1/status' });
      return answer.status === 503 && answer;
    });
    expect(problem(busy)).toMatchObject({ code: 'KV_BUSY', definite: true });
    expect(busy.headers['retry-after']).toBe('1');
    http.cluster.route = route;
    expect((await slow).status).toBe(201);
    expect((await request(server.url, { path: '/v1/status' })).status).toBe(200);
    await server.stop();
  });

  it('500 for a fault of our own, of which a client learns nothing', async () => {
    const errors: unknown[] = [];
    const fault = new TypeError('secret');
    const status = () => {
      throw fault;
    };
    const node = Object.assign(Object.create(http.cluster.node('n1')), { status });
    const server = createKvServer({ node, onError: (error) => errors.push(error) });
    await server.start();
    const answer = await request(server.url, { path: '/v1/status' });
    expect(answer.status).toBe(500);
    expect(problem(answer)).toMatchObject({ code: 'KV_INTERNAL', definite: false });
    expect(answer.text).not.toContain('secret');
    expect(errors).toEqual([fault]);
    await server.stop();
  });
});
