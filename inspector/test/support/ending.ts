import { afterEach } from 'vitest';

/** What a test starts is stopped when it is over, the latest first. */
export function useEnding() {
  const running: { stop(): unknown }[] = [];
  afterEach(async () => {
    for (const each of running.splice(0).reverse()) await each.stop();
  });
  return <T extends { stop(): unknown }>(each: T): T => {
    running.push(each);
    return each;
  };
}
