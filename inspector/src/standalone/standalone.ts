import { fileURLToPath } from 'node:url';
import { SynodError } from '@synod/protocol';
import { readPage } from '../server/page-files.ts';
import { type Recording, recordingLines } from '../server/recording.ts';
import { emptyWorld } from '../world/world.ts';
import { composePage } from './compose.ts';

const PAGE = fileURLToPath(new URL('../../dist/page', import.meta.url));

/**
 * The inspector's page with a recording in it, as the text of one HTML file that needs no server.
 * @throws SynodError `INSPECTOR_NOT_BUILT`.
 */
export async function standalonePage(recording: Recording, pageDirectory = PAGE): Promise<string> {
  const files = await readPage(pageDirectory);
  const text = (pattern: RegExp): string => {
    const found = [...files].find(([path]) => pattern.test(path));
    if (!found)
      throw new SynodError(
        'INSPECTOR_NOT_BUILT',
        'The page is not built; run "pnpm --filter @synod/inspector run build:page".',
      );
    return found[1].body.toString();
  };
  const { about, verdict, unit = 'ms' } = recording;
  return composePage(
    {
      script: text(/^\/assets\/index-.*\.js$/),
      style: text(/^\/assets\/index-.*\.css$/),
      worker: text(/^\/assets\/elk-worker.*\.js$/),
    },
    {
      head: { about, unit, ...(verdict !== undefined && { verdict }) },
      base: emptyWorld,
      lines: recordingLines(recording),
    },
  );
}
