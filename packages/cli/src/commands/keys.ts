import { SynodError } from '@synod/protocol';
import type { Command } from 'commander';
import { type ClusterOptions, kvClient } from '../connect.ts';
import { collect, DEFAULT_DATA, directory, usage, wholeNumber } from '../options.ts';
import { Output } from '../output.ts';
import { readInput } from '../read-input.ts';

interface KeyOptions extends ClusterOptions {
  readonly timeout: number;
  readonly ifRevision?: number;
}

const revision = wholeNumber(0, Number.MAX_SAFE_INTEGER);

const withCluster = (command: Command): Command =>
  command
    .option('--data <directory>', 'data directory of the running cluster', directory, DEFAULT_DATA.kv)
    .option('--endpoint <url>', "a node's API, instead of a data directory; may be repeated", collect)
    .option('--timeout <milliseconds>', 'how long to try', wholeNumber(1, 3_600_000), 10_000)
    .option('--json', 'print JSON');

/** put, get, delete, watch. */
export function addKeyCommands(program: Command): void {
  withCluster(
    program.command('put').argument('<key>').argument('<value>', 'the value; "-" reads it from standard input'),
  )
    .description('write a key')
    .option('--if-revision <revision>', 'only if the key has this revision; 0: only if it does not exist', revision)
    .addHelpText(
      'after',
      '\nExamples:\n  synod put greeting hello\n  synod put greeting hi --if-revision 7\n  synod put config - < config.json',
    )
    .action(async (key: string, value: string, options: KeyOptions) => {
      const client = await kvClient(options, options.timeout);
      const content = value === '-' ? await readInput() : value;
      const done = await client.put(key, content, condition(options));
      new Output(options.json === true).result(`${key} written at revision ${done.revision}`, { key, ...done });
    });

  withCluster(program.command('get').argument('<key>'))
    .description('read a key (linearizable)')
    .addHelpText('after', '\nExample:\n  synod get greeting')
    .action(async (key: string, options: KeyOptions) => {
      const entry = await (await kvClient(options, options.timeout)).get(key);
      if (!entry) throw new SynodError('KV_KEY_NOT_FOUND', `There is no key "${key}".`);
      new Output(options.json === true).result(entry.value, { key, ...entry });
    });

  withCluster(program.command('delete').argument('<key>'))
    .description('delete a key')
    .option('--if-revision <revision>', 'only if the key has this revision', revision)
    .action(async (key: string, options: KeyOptions) => {
      const done = await (await kvClient(options, options.timeout)).delete(key, condition(options));
      if (done.revision === null) throw new SynodError('KV_KEY_NOT_FOUND', `There is no key "${key}".`);
      new Output(options.json === true).result(`${key} deleted at revision ${done.revision}`, { key, ...done });
    });

  withCluster(program.command('watch').argument('[key]'))
    .description('print the changes of a key, or of all keys with a prefix, until interrupted')
    .option('--prefix <prefix>', 'all keys that begin so; "" for all')
    .option('--after <revision>', 'from this revision on; default: from now on', revision)
    .addHelpText('after', '\nExamples:\n  synod watch greeting\n  synod watch --prefix "" --json')
    .action(async (key: string | undefined, options: KeyOptions & { prefix?: string; after?: number }) => {
      if ((key === undefined) === (options.prefix === undefined)) throw usage('Name either a key or --prefix.');
      const client = await kvClient(options, options.timeout);
      const { lastValueFrom, tap } = await import('rxjs');
      const output = new Output(options.json === true);
      const changes$ = client.watch(key === undefined ? { prefix: options.prefix ?? '' } : { key }, options.after);
      const print = tap((change: { key: string; revision: number; value: string | null }) =>
        output.result(
          change.value === null
            ? `${change.revision}  ${change.key} deleted`
            : `${change.revision}  ${change.key} = ${change.value}`,
          change,
        ),
      );
      await lastValueFrom(changes$.pipe(print), { defaultValue: undefined });
    });
}

const condition = ({ ifRevision }: KeyOptions) => (ifRevision === undefined ? {} : { expected: ifRevision });
