import { expect, it, onTestFinished, vi } from 'vitest';
import { passNotices, STAYS_MS } from '../page/state/notice.ts';
import { notice } from '../page/state/store.ts';

function begin() {
  vi.useFakeTimers();
  const end = passNotices();
  onTestFinished(() => {
    end();
    notice.value = undefined;
    vi.useRealTimers();
  });
}

it('a notice of what went well leaves after a while, counted from the latest', () => {
  begin();
  notice.value = { ok: true, text: 'kill n1 …' };
  vi.advanceTimersByTime(STAYS_MS - 1);
  notice.value = { ok: true, text: 'Done.' };
  vi.advanceTimersByTime(STAYS_MS - 1);
  expect(notice.value).toEqual({ ok: true, text: 'Done.' });
  vi.advanceTimersByTime(1);
  expect(notice.value).toBeUndefined();
});

it('a notice of what went wrong stays until the next', () => {
  begin();
  notice.value = { ok: true, text: 'kill n1 …' };
  notice.value = { ok: false, text: 'n1 is down' };
  vi.advanceTimersByTime(10 * STAYS_MS);
  expect(notice.value).toEqual({ ok: false, text: 'n1 is down' });
});
