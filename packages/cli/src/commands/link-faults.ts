import { describeLinkFault, type LinkFault } from '@synod/protocol';
import type { Command } from 'commander';
import { type ClusterOptions, type Running, runningCluster } from '../connect.ts';
import { askControl } from '../launcher/control-client.ts';
import { readGroups } from '../launcher/groups.ts';
import { decimal } from '../options.ts';
import { Output } from '../output.ts';
import { withCluster } from './cluster.ts';

/** Milliseconds that a link may be delayed, or a clock jump, at most. */
const MAX_MS = 60_000;

/** drop, delay, duplicate, skew, clear. */
export function addLinkCommands(program: Command): void {
  withLink(program, 'drop', 'lose messages on links, each with this chance; 0 ends it')
    .argument('<chance>', '0 to 1', decimal(0, 1))
    .addHelpText('after', '\nExamples:\n  synod drop n1 n2 0.3\n  synod drop n1..n3 all 0.05')
    .action((from: string, to: string, chance: number, options: ClusterOptions) =>
      disturb({ kind: 'drop', ...links(from, to), chance }, options),
    );
  withLink(program, 'delay', 'hold messages on links, in their order; 0 ends it')
    .argument('<milliseconds>', 'how long, at least', decimal(0, MAX_MS))
    .argument('[most]', 'and at most, drawn for each message', decimal(0, MAX_MS))
    .addHelpText('after', '\nExamples:\n  synod delay n1 all 200\n  synod delay all n2 10 100')
    .action((from: string, to: string, least: number, most: number | undefined, options: ClusterOptions) =>
      disturb({ kind: 'delay', ...links(from, to), addMs: [least, most ?? least] }, options),
    );
  withLink(program, 'duplicate', 'send messages on links twice, each with this chance; 0 ends it')
    .argument('<chance>', '0 to 1', decimal(0, 1))
    .addHelpText('after', '\nExample:\n  synod duplicate n1 n2 0.5')
    .action((from: string, to: string, chance: number, options: ClusterOptions) =>
      disturb({ kind: 'duplicate', ...links(from, to), chance }, options),
    );

  withCluster(program.command('skew').argument('<node>'))
    .description("make a node's clock run fast or slow; 1 makes it true")
    .argument('<rate>', 'seconds that pass on it in a second, 0.1 to 10', decimal(0.1, 10))
    .option('--jump <milliseconds>', 'how far it jumps ahead at once', decimal(0, MAX_MS), 0)
    .addHelpText('after', '\nExamples:\n  synod skew n2 1.5\n  synod skew n2 1 --jump 2000')
    .action(async (node: string, rate: number, options: ClusterOptions & { readonly jump: number }) => {
      const content = { rate, jumpMs: options.jump };
      await post(await runningCluster(options), `/skew/${encodeURIComponent(node)}`, content);
      new Output(options.json === true).result(
        `the clock of ${node} runs ${rate} times as fast as a true one`,
        content,
      );
    });

  withCluster(program.command('clear'))
    .description('end all that lies on the network and on clocks: partitions, drops, delays, duplicates, skews')
    .action(async (options: ClusterOptions) => {
      await post(await runningCluster(options), '/clear', {});
      new Output(options.json === true).result('network and clocks are as they should be', {});
    });
}

const withLink = (program: Command, name: string, description: string): Command =>
  withCluster(program.command(name))
    .description(description)
    .argument('<from>', 'nodes that send, by commas, or "all"')
    .argument('<to>', 'nodes that receive, by commas, or "all"');

/** The links between nodes as a person writes them: `n1`, `n1,n2`, `n1..n3`, `all`. */
function links(from: string, to: string): Pick<LinkFault, 'from' | 'to'> {
  const nodes = (text: string) => readGroups([text]).flat();
  return { ...(from !== 'all' && { from: nodes(from) }), ...(to !== 'all' && { to: nodes(to) }) };
}

async function disturb(fault: LinkFault, options: ClusterOptions): Promise<void> {
  await post(await runningCluster(options), '/links', fault);
  new Output(options.json === true).result(`${describeLinkFault(fault)}; "synod clear" ends it`, { fault });
}

const post = ({ control }: Running, path: string, content: object): Promise<unknown> =>
  askControl(control, 'POST', path, { content });
