import { isSynodError, SynodError } from '@synod/protocol';
import * as v from 'valibot';

/** A request as any of the endpoints may serve it. */
export interface Call {
  readonly method: 'GET' | 'PUT' | 'DELETE' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface EndpointsOptions {
  /** For example `http://127.0.0.1:7001`. */
  readonly endpoints: readonly string[];
  /** Milliseconds until one endpoint's answer is given up and the next one is tried. */
  readonly tryTimeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
}

/** How a request ended, and whether an earlier try of it may have taken effect, or may still do so. */
export type Outcome =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly error: SynodError; readonly unsettled: boolean };

/** Milliseconds of rest when no endpoint could serve. */
const REST_MS = 100;

const problem = v.object({
  code: v.string(),
  detail: v.string(),
  definite: v.boolean(),
  details: v.optional(v.record(v.string(), v.unknown()), {}),
});

/** The nodes of a cluster by their URLs: one serves until it fails, then the next. */
export class Endpoints {
  readonly #urls: readonly string[];
  readonly #options: EndpointsOptions;
  #current = 0;

  constructor(options: EndpointsOptions) {
    this.#options = options;
    this.#urls = options.endpoints.map(baseUrl);
    if (this.#urls.length === 0) throw endpointInvalid('none');
  }

  /** The endpoint whose turn it is. */
  get current(): string {
    return this.#urls[this.#current] as string;
  }

  /** Leaves `failed` for the next, unless another request has done so already. Rests at the end of a round. */
  async rotate(failed: string): Promise<void> {
    if (failed === this.current) this.#current = (this.#current + 1) % this.#urls.length;
    if (this.#current === 0) await new Promise((resolve) => setTimeout(resolve, REST_MS));
  }

  /** Sends `call` to one endpoint after the other until one can serve it, or `deadline` (of `performance.now()`) has passed. */
  async send(call: Call, deadline: number): Promise<Outcome> {
    // A read has no effect, and a session that nobody uses none that matters.
    const isHarmless = call.method === 'GET' || call.method === 'POST';
    let unsettled = false;
    for (;;) {
      const endpoint = this.current;
      const timeoutMs = Math.max(1, Math.ceil(Math.min(this.#options.tryTimeoutMs, deadline - performance.now())));
      const result = await this.#try(endpoint, call, timeoutMs);
      if (!isSynodError(result)) return { ok: true, body: result.body };
      const error = isHarmless ? withDefinite(result, true) : result;
      if (!isWorthARetry(error)) return { ok: false, error, unsettled };
      unsettled ||= !error.definite;
      if (performance.now() >= deadline) return { ok: false, error, unsettled };
      await this.rotate(endpoint);
    }
  }

  async #try(endpoint: string, call: Call, timeoutMs: number): Promise<{ readonly body: unknown } | SynodError> {
    const { method, path, headers = {}, body } = call;
    try {
      const response = await this.#options.fetch(endpoint + path, {
        method,
        headers: { accept: 'application/json', ...headers },
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body }),
      });
      return response.ok ? { body: await response.json() } : await problemOf(endpoint, response);
    } catch (cause) {
      return cause instanceof SyntaxError ? responseInvalid(endpoint, cause) : unreachable(endpoint, cause);
    }
  }
}

/** The coded error that a response other than 2xx stands for. */
export async function problemOf(endpoint: string, response: Response): Promise<SynodError> {
  const parsed = v.safeParse(problem, await response.json().catch(() => undefined));
  if (!parsed.success) return responseInvalid(endpoint, parsed.issues);
  const { code, detail, definite, details } = parsed.output;
  return new SynodError(code, detail, { definite, details: { ...details, status: response.status } });
}

/** Whether another node, or the same one a little later, may do better. */
export const isWorthARetry = ({ code, details }: SynodError): boolean =>
  code === 'KV_UNREACHABLE' || Number(details.status) >= 500 || details.status === 408;

export const unreachable = (endpoint: string, cause?: unknown) =>
  new SynodError('KV_UNREACHABLE', `${endpoint} does not answer; see whether the node is up.`, {
    definite: isRefused(cause),
    cause,
  });

export const responseInvalid = (endpoint: string, cause: unknown) =>
  new SynodError(
    'KV_RESPONSE_INVALID',
    `${endpoint} does not answer as a node of this version; correct the endpoint.`,
    {
      definite: false,
      cause,
    },
  );

export const withDefinite = ({ code, message, details, cause }: SynodError, definite: boolean) =>
  new SynodError(code, message, { details, cause, definite });

/** Node tells when no connection came about, so that nothing was sent; a browser does not. */
const isRefused = (error: unknown): boolean =>
  error instanceof Error && (error.cause as { code?: string } | undefined)?.code === 'ECONNREFUSED';

function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) throw endpointInvalid(text);
  return url.href.replace(/\/+$/, '');
}

const endpointInvalid = (text: string) =>
  new SynodError(
    'KV_ENDPOINT_INVALID',
    `"${text.slice(0, 200)}" is no endpoint; write one such as http://127.0.0.1:7001.`,
  );
