import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, vi } from 'vitest';

// Processes take their time to start on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const running: ChildProcess[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map(kill));
});

/** A process of a script in children/ (they run what is built), and the lines it prints. */
export function start(script: string, ...args: string[]) {
  return startWith([], script, ...args);
}

/** The same, by a shell that first runs `prelude`. */
export function startWith(prelude: readonly string[], script: string, ...args: string[]) {
  const path = fileURLToPath(new URL(`children/${script}`, import.meta.url));
  const command = [...prelude, 'exec "$@"'].join('; ');
  const child = spawn('sh', ['-c', command, 'sh', process.execPath, path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let errors = '';
  child.stderr.on('data', (data) => {
    errors += String(data);
  });
  return { child, lines: createInterface({ input: child.stdout }), errors: () => errors };
}

/** Ends a process as a power cut would, and waits for its end. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
