import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { elkLicence } from '../elk-licence.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

// Modules that need nothing beside them, for pages without a bundler too; React's wrappers alone leave React to their page.
export default defineConfig({
  root: path('.'),
  plugins: [
    elkLicence(),
    {
      name: 'elk-worker',
      generateBundle() {
        const source = readFileSync(path('../node_modules/elkjs/lib/elk-worker.min.js'));
        this.emitFile({ type: 'asset', fileName: 'elk-worker.min.js', source });
      },
    },
  ],
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: '../dist/elements',
    emptyOutDir: true,
    target: 'es2022',
    minify: true,
    license: { fileName: 'LICENSES.md' },
    lib: { entry: { index: path('index.ts'), react: path('react.ts') }, formats: ['es'] },
    rolldownOptions: {
      external: ['react'],
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    },
  },
});
