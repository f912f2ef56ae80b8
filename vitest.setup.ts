import { afterEach, beforeEach, expect, vi } from 'vitest';

// A library that prints is a library that cannot be embedded: console output fails the test that caused it.
const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;
const printed: string[] = [];

beforeEach(() => {
  printed.length = 0;
  for (const method of methods) {
    vi.spyOn(console, method).mockImplementation(
      (...args: unknown[]) => void printed.push(`console.${method}: ${args.join(' ')}`),
    );
  }
});

afterEach(() => {
  vi.restoreAllMocks();
  expect(printed, 'console output').toEqual([]);
});
