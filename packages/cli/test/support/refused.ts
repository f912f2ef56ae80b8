import { synod } from './synod.ts';

/** What the command line says to arguments that it refuses, after whatever else it says, and with which status it ends. */
export async function refused(...args: string[]): Promise<{ readonly status: number | null; readonly says: string }> {
  const { code, err } = await synod(...args);
  return { status: code, says: /^error (.*)$/m.exec(err)?.[1] ?? err };
}
