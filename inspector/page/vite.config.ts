import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  root: path('.'),
  base: './',
  plugins: [
    {
      name: 'elk-licence',
      generateBundle() {
        const source = readFileSync(path('../node_modules/elkjs/LICENSE.md'));
        this.emitFile({ type: 'asset', fileName: 'ELK-LICENSE.md', source });
      },
    },
  ],
  // The content security policy allows no inline scripts or data: modules.
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // What is bundled (preact and its signals) wants its notices kept.
    license: { fileName: 'LICENSES.md' },
  },
});
