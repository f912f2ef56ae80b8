import { startInspector } from '@synod/inspector';
import { isSynodError } from '@synod/protocol';
import { interruptible } from './interrupt.ts';
import { portInUse, usage } from './options.ts';
import { type Output, paint } from './output.ts';

/** Shorter tokens can be guessed. */
const MIN_TOKEN = 20;

/**
 * Runs an inspector that waits for apps, until Ctrl-C. Its tokens are drawn, unless the environment has them, so that with a port of one's own
 * the addresses that stand in apps stay as they are.
 */
export async function inspectApps(port: number, output: Output): Promise<void> {
  const [appToken, receiverToken] = [given('SYNOD_APP_TOKEN'), given('SYNOD_RECEIVER_TOKEN')];
  const tokens = { ...(appToken !== undefined && { appToken }), ...(receiverToken !== undefined && { receiverToken }) };
  const inspector = await startInspector({ port, ...tokens }).catch((error: unknown) => {
    throw isSynodError(error, 'PORT_IN_USE') ? portInUse(port, 'the inspector', error) : error;
  });
  try {
    const { appUrl, statelyUrl, receiverServer } = inspector;
    const url = inspector.newUrl();
    const lines = [
      ['Page', url],
      ['XState v5', `createActor(machine, { inspect: createSynodInspector({ url: '${appUrl}' }) })`],
      ['@statelyai/inspect', `createWebSocketInspector({ url: '${statelyUrl}' })`],
      ['@xstate/inspect', `createWebSocketReceiver({ server: '${receiverServer}' })`],
    ].map(([label = '', text]) => `${paint('bold', label.padEnd(20), process.stdout)}${text}`);
    output.result(lines.join('\n'), { url, appUrl, statelyUrl, receiverServer });
    output.remark(
      'No cluster runs here, so this inspector waits for apps; createSynodInspector is in @synod/inspector/xstate. The address of the page opens it once. Press Ctrl-C to stop.',
    );
    await interruptible(
      (signal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
    );
  } finally {
    await inspector.stop();
  }
}

/** A token of the environment: never one of the command line, which every process can read. */
function given(variable: string): string | undefined {
  const token = process.env[variable];
  if (token === undefined || token === '') return undefined;
  if (/^[A-Za-z0-9_-]+$/.test(token) && token.length >= MIN_TOKEN) return token;
  throw usage(`${variable} must be at least ${MIN_TOKEN} letters, digits, "-" or "_".`);
}
