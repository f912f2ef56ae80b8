import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** Puts ELK's licence (EPL-2.0) beside what is built with ELK. */
export const elkLicence = (): Plugin => ({
  name: 'elk-licence',
  generateBundle() {
    const source = readFileSync(new URL('node_modules/elkjs/LICENSE.md', import.meta.url));
    this.emitFile({ type: 'asset', fileName: 'ELK-LICENSE.md', source });
  },
});
