import type { Hono } from 'hono';
import { methodNotAllowed, problemResponse } from './problem.ts';

/** Answers the methods that a resource does not have; comes after those it has. */
export function refuseOtherMethods(app: Hono, path: string, allow: string): void {
  app.all(path, () => problemResponse(methodNotAllowed(allow), { allow }));
}

/** For answers that hold only for the moment. */
export const NO_STORE = { 'cache-control': 'no-store' } as const;
