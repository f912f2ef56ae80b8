import { compile } from '@synod/compiler';
import { type PhiInput, phiProtocol } from '@synod/machines/phi-accrual';
import { type Address, type Engine, received } from '@synod/protocol';
import type { Detector } from './detectors.ts';

const HEART: Address = 'heart@p';
const SELF: Address = 'phi@q';

/** The machine's settings besides the threshold. The deviation may be small, so that the curve shows the estimate and not its floor. */
export const PHI_SETTINGS = { windowSize: 200, minDeviationMs: 10, acceptablePauseMs: 0 } satisfies Partial<PhiInput>;

const engine: Engine = compile(phiProtocol.machine);

/** The machine itself: with each heartbeat it sets the timer that ends when φ has come to the threshold. */
export function phiDetector(threshold: number): Detector {
  const input: PhiInput = {
    ...{ self: SELF, seed: 1, watched: HEART },
    ...PHI_SETTINGS,
    ...{ threshold, failThreshold: 2 * threshold },
  };
  let { snapshot } = engine.initial(input);
  return {
    name: 'φ-accrual',
    parameter: threshold,
    heartbeat(arrivedMs) {
      const step = engine.step(snapshot, received({ type: 'Heartbeat', life: 1 } as never, HEART, arrivedMs));
      snapshot = step.snapshot;
      for (const effect of step.effects) {
        if (effect.kind === 'setTimer' && effect.id.includes('.threshold.')) return effect.delayMs;
      }
      return Number.POSITIVE_INFINITY;
    },
  };
}
