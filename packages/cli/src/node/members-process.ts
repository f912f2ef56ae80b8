import { describeError, isSynodError, type NetworkFaults, noNetworkFaults } from '@synod/protocol';
import type { FromWorker, ToWorker, WorkerAct, WorkerConfig } from '../launcher/member-messages.ts';
import { usage } from '../options.ts';
import { Member } from './member.ts';

/** The life of a process that holds many members: it does what its launcher asks, until it is told to stop or the launcher is gone. */
export async function runMembersProcess(): Promise<void> {
  if (!process.send) throw usage('Members are started by "synod run swim", not by hand.');
  const members = new Map<string, Member>();
  let config: WorkerConfig | undefined;
  let faults: NetworkFaults = noNetworkFaults;
  const act = async (asked: WorkerAct): Promise<string | null> => {
    if (asked.act === 'network') {
      faults = asked.faults;
      for (const member of members.values()) member.setFaults(faults, asked.text);
      return null;
    }
    const { node } = asked;
    if (asked.act === 'skew') {
      members.get(node)?.skew(asked, asked.text);
      return null;
    }
    if (asked.act !== 'start') {
      const member = members.get(node);
      if (asked.act === 'stop' || asked.act === 'kill') members.delete(node);
      await member?.[asked.act]();
      return null;
    }
    if (!config) return null;
    const member = await Member.start({ ...asked, faults }, config, {
      sees: (sees) => say({ type: 'sees', node, sees }),
      ended: (error) => {
        members.delete(node);
        say({ type: 'ended', node, why: describeError(error) });
      },
    });
    // While it started more may have been done.
    member.setFaults(faults);
    members.set(node, member);
    return member.url;
  };
  await new Promise<void>((resolve) => {
    process.on('disconnect', resolve);
    process.on('SIGTERM', () => resolve());
    // Ctrl-C reaches every process of the terminal; the launcher acts on it.
    process.on('SIGINT', () => {});
    process.on('message', (message: ToWorker) => {
      if (message.type === 'stop') resolve();
      else if (message.type === 'begin') config = message.config;
      else void answer(message.id, act(message.ask));
    });
  });
  // All end at once, and none waits for the others to hear of it.
  await Promise.all([...members.values()].map((member) => member.kill()));
  if (process.connected) process.disconnect();
}

async function answer(id: number, done: Promise<string | null>): Promise<void> {
  try {
    say({ type: 'done', id, url: await done });
  } catch (error) {
    const code = isSynodError(error) ? error.code : 'NODE_FAILED';
    say({ type: 'refused', id, code, message: isSynodError(error) ? error.message : describeError(error) });
  }
}

function say(message: FromWorker): void {
  if (process.send && process.connected) process.send(message, () => {});
}
