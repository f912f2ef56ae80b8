import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** What may run in a page that trusts nothing but its own files. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; worker-src 'self'";

const TYPES: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** The elements as they are published, built anew; `remove` takes them away. */
export async function builtElements(): Promise<{ readonly folder: string; readonly remove: () => void }> {
  mkdirSync(path('../../dist'), { recursive: true });
  // Within the package, so that what they leave to their page is found.
  const folder = mkdtempSync(path('../../dist/elements-'));
  await build({
    configFile: path('../../elements/vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: folder, emptyOutDir: true },
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A script of a page as a bundler makes it, with the elements that were built. */
export async function bundled(file: string, elements: string): Promise<Files> {
  const name = /([^/]+)\.tsx?$/.exec(file)?.[1] ?? 'app';
  const { output } = (await build({
    configFile: false,
    logLevel: 'silent',
    root: path('../elements'),
    define: { 'process.env.NODE_ENV': '"production"' },
    oxc: { jsx: { runtime: 'automatic', development: false } },
    resolve: {
      alias: {
        '@synod/inspector/elements': join(elements, 'index.js'),
        '@synod/inspector/react': join(elements, 'react.js'),
      },
    },
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: {
        input: { [name]: path(`../elements/${file}`) },
        output: { entryFileNames: '[name].js', chunkFileNames: `${name}-[name].js` },
      },
    },
  })) as Rolldown.RolldownOutput;
  return Object.fromEntries(output.map((each) => [each.fileName, each.type === 'chunk' ? each.code : each.source]));
}

/** Serves files, and those of a folder, from an address of this machine under a strict policy. */
export async function served(files: Files, folder: string) {
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1).split('?')[0] || 'index.html';
    const type = TYPES[/[^.]+$/.exec(name)?.[0] ?? ''] ?? 'application/octet-stream';
    const own = files[name];
    const found = own !== undefined ? Promise.resolve(own) : readFile(join(folder, name));
    found.then(
      (body) => response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(body),
      () => response.writeHead(name === 'favicon.ico' ? 204 : 404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
