import { createSynodInspector } from '@synod/inspector/xstate';
import { expect, it } from 'vitest';
import { createActor, createMachine } from 'xstate';
import { connect } from '../../../inspector/test/support.ts';
import { begin } from './support/synod.ts';

it('without file and cluster, synod inspect waits for plain XState apps at the addresses that it prints', async () => {
  const { child, ended, saw } = begin(['inspect', '--json']);
  const [text] = await saw(/\{.*\}/s);
  const { url, appUrl, statelyUrl, receiverServer } = JSON.parse(text) as Record<string, string>;
  expect((await fetch(url ?? '', { redirect: 'manual' })).status).toBe(303);
  const inspect = createSynodInspector({ url: appUrl ?? '', name: 'shop' });
  createActor(createMachine({ id: 'm', initial: 'a', states: { a: {} } }), { inspect }).start();
  const receiver = connect(`ws://${receiverServer}`);
  await receiver.opened;
  receiver.socket.send('{"type":"xstate.inspecting"}');
  await expect.poll(() => receiver.frames).toMatchObject([{ type: 'service.register', sessionId: 'm@shop' }]);
  await connect(statelyUrl ?? '').opened;
  await inspect.stop();
  child.kill('SIGINT');
  expect((await ended).code).toBe(0);
});

it.each(['short', 'with space in it, and long enough'])(
  'a token of the environment that is "%s" is refused',
  async (token) => {
    process.env.SYNOD_APP_TOKEN = token;
    const { ended } = begin(['inspect']);
    delete process.env.SYNOD_APP_TOKEN;
    expect(await ended).toMatchObject({ code: 2, err: expect.stringContaining('SYNOD_APP_TOKEN') });
  },
);
