import { parsePropertyReplay, replayProperty } from '@synod/testgen';
import { usage } from '../options.ts';
import { EXIT, type Output } from '../output.ts';
import { describePropertyReplay } from './describe.ts';
import { sourceOf } from './source.ts';

interface ReplayOptions {
  readonly module?: string;
  readonly inspect?: boolean;
  readonly asTest?: string | boolean;
}

/** Takes a saved run of a machine again. Returns the exit status. */
export async function replayProperties(text: string, options: ReplayOptions, output: Output): Promise<number> {
  const file = parsePropertyReplay(text);
  if (options.inspect) throw usage('The run of a single machine has no trace to inspect; leave --inspect out.');
  if (options.asTest !== undefined && options.asTest !== false)
    throw usage(
      `As a test, this run is propertyTest(machine, { seed: ${file.seed}, path: '${file.path}' }) of @synod/testgen.`,
    );
  const { subject, properties } = await sourceOf(options.module ?? file.module, file.seed, {
    ...(file.role !== undefined && { role: file.role }),
    ...(file.properties !== undefined && { properties: file.properties }),
  });
  const replayed = replayProperty(subject, file, { properties });
  output.result(describePropertyReplay(file, replayed), {
    ...file,
    repeats: replayed.sameFailure && replayed.differsAt === undefined,
    ...replayed,
  });
  return replayed.sameFailure && replayed.differsAt === undefined ? EXIT.ok : EXIT.failed;
}
