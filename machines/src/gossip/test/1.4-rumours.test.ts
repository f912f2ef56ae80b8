import { describe, expect, it } from 'vitest';
import { type EpidemicOptions, epidemic } from '../epidemic.ts';
import { at, compiled, RumorSite } from './support.ts';

const rumor = { type: 'Rumor', update: 'x' };
const known = { type: 'RumorFeedback', known: true };
const news = { type: 'RumorFeedback', known: false };
const spreading = { infected: 'spreading' };

/** One that has heard the rumour and told it once. */
const told = (input: ConstructorParameters<typeof RumorSite>[0] = {}): RumorSite => {
  const site = new RumorSite(input);
  site.take({ type: 'rumor.start', update: 'x' });
  site.tick();
  return site;
};

describe('§1.4 susceptible, infected, removed', () => {
  it('who hears the rumour is infected, says that it was news, and tells it in the next cycle', () => {
    const site = new RumorSite();
    const said = site.receive(at(2), rumor);
    expect(said.sent).toEqual([{ to: at(2), message: news }]);
    expect(said.emitted).toEqual([{ type: 'rumorHeard', update: 'x' }]);
    expect(site.tick().sent).toEqual([{ to: at(2), message: rumor }]);
    expect(site.value).toEqual(spreading);
  });

  it('what is heard twice in one cycle is news both times; after that it is known', () => {
    const site = new RumorSite();
    site.receive(at(2), rumor);
    expect(site.receive(at(2), rumor).message).toEqual(news);
    site.tick();
    expect(site.receive(at(2), rumor).message).toEqual(known);
  });

  it('who is removed still says that it knows, and tells nobody', () => {
    const site = told({ k: 1 });
    site.receive(at(2), known);
    expect(site.tick().emitted).toEqual([{ type: 'interestLost' }]);
    expect(site.value).toBe('removed');
    expect(site.receive(at(2), rumor).message).toEqual(known);
    expect(site.tick().sent).toEqual([]);
  });

  it('with nobody to tell, nothing is told', () => {
    const site = new RumorSite({ peers: [at(1)] });
    site.take({ type: 'rumor.start', update: 'x' });
    expect(site.tick().sent).toEqual([]);
  });
});

describe('§1.4 blind or feedback, counter or coin', () => {
  it('feedback, counter: interest is lost after k unnecessary contacts, one after the other', () => {
    const site = told({ k: 2 });
    for (const feedback of [known, news, known]) {
      site.receive(at(2), feedback);
      site.tick();
      expect(site.value).toEqual(spreading);
    }
    site.receive(at(2), known);
    site.tick();
    expect(site.value).toBe('removed');
  });

  it('feedback that is lost counts for nothing', () => {
    const site = told({ k: 1 });
    for (let cycle = 0; cycle < 5; cycle++) site.tick();
    expect(site.value).toEqual(spreading);
  });

  it('blind, counter: interest is lost after k cycles, whatever the others knew', () => {
    const site = told({ k: 2, response: 'blind' });
    site.receive(at(2), news);
    site.tick();
    expect(site.value).toEqual(spreading);
    site.tick();
    expect(site.value).toBe('removed');
  });

  it('blind: nobody gives feedback', () => {
    expect(new RumorSite({ response: 'blind' }).receive(at(2), rumor).sent).toEqual([]);
  });

  it.each([
    [1, 1],
    [4, 0.25],
  ])('coin, k = %i: an unnecessary contact ends it with a probability of %f', (k, probability) => {
    const ended = Array.from({ length: 400 }, (_, seed) => {
      const site = new RumorSite({ removal: 'coin', k, seed });
      site.take({ type: 'rumor.start', update: 'x' });
      site.tick();
      site.receive(at(2), known);
      site.tick();
      return site.value === 'removed';
    }).filter(Boolean).length;
    expect(ended / 400).toBeGreaterThan(probability - 0.05);
    expect(ended / 400).toBeLessThan(probability + 0.05);
  });
});

describe('§1.4 push or pull', () => {
  it('pull: all ask, and only who is infected answers', () => {
    const site = new RumorSite({ exchange: 'pull' });
    expect(site.tick().message).toEqual({ type: 'RumorRequest' });
    expect(site.receive(at(2), { type: 'RumorRequest' }).sent).toEqual([]);
    site.take({ type: 'rumor.start', update: 'x' });
    expect(site.receive(at(2), { type: 'RumorRequest' }).message).toEqual(rumor);
    expect(site.tick().message).toEqual({ type: 'RumorRequest' });
  });

  it('pull: of many who ask in a cycle, one for whom it was news is enough to go on', () => {
    const site = new RumorSite({ exchange: 'pull', k: 1 });
    site.take({ type: 'rumor.start', update: 'x' });
    for (const feedback of [known, news, known]) site.receive(at(2), feedback);
    site.tick();
    expect(site.value).toEqual(spreading);
  });

  it('push and pull: tells and asks in one contact', () => {
    const site = new RumorSite({ exchange: 'pushPull' });
    site.take({ type: 'rumor.start', update: 'x' });
    expect(site.tick().messages).toEqual([rumor, { type: 'RumorRequest' }]);
  });
});

/** Means over seeds, of 1,000 sites in the paper's synchronous cycles. */
const measure = (settings: Partial<EpidemicOptions>, runs: number) => {
  const results = Array.from({ length: runs }, (_, seed) =>
    epidemic({ sites: 1_000, seed, engineOf: compiled, ...settings }),
  );
  const mean = (of: 'residue' | 'traffic') => results.reduce((sum, result) => sum + result[of], 0) / runs;
  return { residue: mean('residue'), traffic: mean('traffic') };
};

const near = (value: number, paper: number, band: number) => {
  expect(value).toBeGreaterThan(paper - band);
  expect(value).toBeLessThan(paper + band);
};

// Bands of three standard errors and more of so few runs; `pnpm run bench membership --only gossip` measures with more.
describe('§1.4 the tables', () => {
  it.each([
    [1, 0.18, 0.015, 1.7],
    [2, 0.037, 0.006, 3.3],
    [3, 0.011, 0.003, 4.5],
    [4, 0.0036, 0.0018, 5.6],
    [5, 0.0012, 0.0011, 6.7],
  ])('table 1 (push, feedback, counter), k = %i: residue %f', (k, residue, band, traffic) => {
    const found = measure({ k }, k < 4 ? 8 : 6);
    near(found.residue, residue, band);
    near(found.traffic, traffic, 0.15);
  });

  it.each([
    [1, 0.96, 0.02, 0.04],
    [2, 0.2, 0.03, 1.6],
    [3, 0.06, 0.012, 2.8],
  ])('table 2 (push, blind, coin), k = %i: residue %f', (k, residue, band, traffic) => {
    const found = measure({ k, response: 'blind', removal: 'coin' }, 10);
    near(found.residue, residue, band);
    near(found.traffic, traffic, 0.15);
  });

  it('table 3 (pull, feedback, counter), k = 1: residue 0.031', () => {
    const found = measure({ k: 1, exchange: 'pull' }, 4);
    near(found.residue, 0.031, 0.009);
    near(found.traffic, 2.7, 0.15);
  });

  it('the same seed is the same epidemic', () => {
    const options = { sites: 200, seed: 7, exchange: 'pushPull', k: 2 } as const;
    expect(epidemic(options)).toEqual(epidemic({ ...options, engineOf: compiled }));
  });
});
