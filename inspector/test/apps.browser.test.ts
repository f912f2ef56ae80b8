import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createWebSocketInspector } from '@statelyai/inspect';
import { build, type Rolldown } from 'vite';
import { describe, expect, it, type TestContext } from 'vitest';
import { createActor } from 'xstate';
import { createSynodInspector } from '../src/apps/inspector.ts';
import { type InspectorServer, startInspector } from '../src/index.ts';
import { shopMachine } from './support/apps.ts';
import { useBrowser } from './support/browser.ts';

const open = useBrowser();
const WITHIN = { timeout: 20_000 };

async function inspectorFor(context: TestContext) {
  const inspector = await startInspector();
  context.onTestFinished(() => inspector.stop());
  return inspector;
}

function synod({ appUrl: url }: InspectorServer) {
  const inspect = createSynodInspector({ url, name: 'shop' });
  return { inspect, stop: () => inspect.stop() };
}

function stately({ statelyUrl }: InspectorServer) {
  const { inspect, stop } = createWebSocketInspector({ url: `${statelyUrl}&name=shop` });
  return { inspect, stop };
}

describe('the page', () => {
  it.for([
    { what: 'createSynodInspector', marked: false },
    { what: 'the real @statelyai/inspect', marked: true },
  ])(
    'lights up the charts of a plain XState app by $what, and names its transitions',
    { timeout: 60_000 },
    async ({ marked }, context) => {
      const inspector = await inspectorFor(context);
      const { page, complaints } = await open(context, inspector.newUrl());
      const { inspect, stop } = marked ? stately(inspector) : synod(inspector);
      context.onTestFinished(stop);
      const actor = createActor(shopMachine, { inspect }).start();
      const active = (state: string) => page.locator(`.card[data-node="shop"] [data-state="${state}"].active`);
      await expect.poll(() => active('shop.open').count(), WITHIN).toBe(1);
      actor.send({ type: 'ADD', items: 10 });
      actor.send({ type: 'PAY' });
      await expect.poll(() => active('shop.wholesale').count(), WITHIN).toBe(1);
      await expect.poll(() => active('shop.open').count(), WITHIN).toBe(0);
      const log = page.locator('.log');
      await expect.poll(() => log.textContent(), WITHIN).toMatch(/shop {2}PAY → wholesale/);
      expect(/PAY → wholesale\s*inferred/.test((await log.textContent()) ?? '')).toBe(marked);
      await page.locator('.card[data-actor="shop@shop"]').click();
      const taken = page.locator('[data-node="shop"] .taken, [data-node="shop"] .last');
      await expect.poll(() => taken.count(), WITHIN).toBeGreaterThan(0);
      expect(complaints).toEqual([]);
    },
  );
});

describe('a browser', () => {
  it('may run an app, and a receiver of @xstate/inspect whose events reach it', {
    timeout: 60_000,
  }, async (context) => {
    const inspector = await inspectorFor(context);
    const code = await bundle();
    const server = createServer((request, response) => {
      const isScript = request.url === '/app.js';
      response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
      response.end(
        isScript ? code : '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/app.js"></script>',
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    context.onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const query = new URLSearchParams({ app: inspector.appUrl, receiver: inspector.receiverServer });
    const { page, complaints } = await open(context, `http://127.0.0.1:${port}/?${query}`);
    const seen = () => page.evaluate('globalThis.seen()');
    await expect.poll(seen, WITHIN).toMatchObject({
      state: 'open',
      received: expect.arrayContaining([
        'service.register door@tab',
        'service.event door@tab',
        'service.state door@tab',
      ]),
    });
    expect(inspector.world.tab?.actors['door@tab']).toMatchObject({
      state: 'open',
      lastTransitions: ['door.closed#OPEN[0]'],
    });
    expect(complaints).toEqual([]);
  });
});

/** The app as a bundler makes it for browsers. */
async function bundle(): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      rolldownOptions: { input: fileURLToPath(new URL('support/browser-app.ts', import.meta.url)) },
    },
  })) as Rolldown.RolldownOutput;
  return built.output[0].code;
}
