import { SynodError } from '@synod/protocol';
import * as v from 'valibot';

/** Milliseconds a launcher may take: a node that restarts checks its database first. */
const PATIENCE_MS = 60_000;

const failure = v.object({ code: v.string(), message: v.string() });

/**
 * Asks a launcher.
 * @throws SynodError what the launcher answers; `CLUSTER_NOT_RUNNING` when there is none, `CONTROL_TIMEOUT` when it is silent.
 */
export async function askControl(
  control: { readonly url: string; readonly token: string },
  method: 'GET' | 'POST',
  path: string,
  { timeoutMs = PATIENCE_MS, content }: { readonly timeoutMs?: number; readonly content?: object } = {},
): Promise<unknown> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(control.url + path, {
      method,
      headers: { authorization: `Bearer ${control.token}`, 'content-type': 'application/json' },
      ...(content && { body: JSON.stringify(content) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    body = await response.json().catch((error: unknown) => {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    });
  } catch (cause) {
    throw silent(cause, timeoutMs);
  }
  if (response.ok) return body;
  const failed = v.safeParse(failure, body);
  if (failed.success) throw new SynodError(failed.output.code, failed.output.message);
  throw new SynodError(
    'CLUSTER_NOT_RUNNING',
    'Another program answers in place of the cluster; start it with "synod run".',
  );
}

const silent = (cause: unknown, timeoutMs: number): SynodError =>
  cause instanceof Error && cause.name === 'TimeoutError'
    ? new SynodError('CONTROL_TIMEOUT', `The launcher gave no answer within ${timeoutMs} ms; look at "synod status".`, {
        cause,
        definite: false,
      })
    : new SynodError('CLUSTER_NOT_RUNNING', 'The cluster does not answer; start it with "synod run".', { cause });
