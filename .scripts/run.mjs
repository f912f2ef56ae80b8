// What the root's scripts share: running a command, and telling a person how it goes.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The pnpm that installs the workspace; fetched by npx, since a fresh machine has none. */
export const PNPM = 'pnpm@12.21.0';

/** Names of local executables are looked up in the workspace's own node_modules; a path is one from the root. */
const local = (name) => {
  if (name === 'node') return process.execPath;
  return name.includes('/') ? `${root}${name}` : `${root}node_modules/.bin/${name}`;
};

/**
 * Runs a command to its end. With `quiet`, its output is shown only if it fails.
 * Ends this process with the command's exit code when it fails, unless `tolerate` is set; returns the code.
 */
export async function run(name, args, { quiet = false, tolerate = false, env = {} } = {}) {
  const child = spawn(name === 'npx' ? 'npx' : local(name), args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    shell: false,
  });
  let output = '';
  for (const stream of quiet ? [child.stdout, child.stderr] : []) stream.on('data', (chunk) => (output += chunk));
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, forward);
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output += `${error.message}\n`;
      resolve(127);
    });
    child.on('close', (status, signal) => resolve(status ?? (signal ? 130 : 1)));
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, forward);
  if (code !== 0 && quiet) process.stderr.write(output);
  if (code !== 0 && !tolerate) process.exit(code);
  return code;
}

const started = Date.now();
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Runs one phase of a longer work: a line when it begins on a terminal, a line with its time when it is done. */
export async function phase(name, work) {
  const since = Date.now();
  const terminal = process.stderr.isTTY;
  if (terminal) process.stderr.write(`  ${name} …`);
  const result = await work();
  process.stderr.write(`${terminal ? '\r\x1b[K' : ''}  ${name} (${seconds(since)})\n`);
  return result;
}

export const elapsed = () => seconds(started);
