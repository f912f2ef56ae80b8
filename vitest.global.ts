import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// Tests that start processes start what is built.
export default function build(): void {
  const root = fileURLToPath(new URL('.', import.meta.url));
  try {
    execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b'], {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    throw new Error(`tsc -b failed:\n${(error as { stdout?: string }).stdout ?? String(error)}`);
  }
}
