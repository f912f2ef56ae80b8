import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { elkLicence } from '../elk-licence.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  root: path('.'),
  base: './',
  plugins: [elkLicence()],
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
