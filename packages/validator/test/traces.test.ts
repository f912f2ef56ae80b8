import { encodeRecording, encodeTrace, type TraceRecord, traceHeader } from '@synod/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { judgeTraces, openTrace } from '../src/index.ts';
import { recordCluster } from './support/cluster.ts';
import { headerOf, specificationOf } from './support/simulated.ts';

const specification = await specificationOf('raft');
const header = JSON.stringify(headerOf());
let records: readonly TraceRecord[] = [];
let files: ReadonlyMap<string, readonly string[]> = new Map();

beforeAll(async () => {
  records = await recordCluster(specification, { seed: 3, ms: 600, kills: 1 });
  const nodes = [...new Set(records.map(({ node }) => node))];
  const lines = (node: string) =>
    records.filter((record) => record.node === node).map((record) => encodeRecording(record));
  files = new Map(nodes.map((node) => [node, [header, ...lines(node)]]));
});

const judge = async (given: Iterable<readonly [string, readonly string[]]>) =>
  judgeTraces(await Promise.all([...given].map(([name, lines]) => openTrace({ name, lines }))), specification);

describe('traces of the nodes, a file each', () => {
  it('are put together by their clocks, whatever the order of the files', async () => {
    for (const given of [[...files], [...files].reverse()]) {
      const { misfit, summary } = await judge(given);
      expect(misfit).toBeUndefined();
      expect(summary).toMatchObject({ records: records.length, notJudged: [] });
    }
  });

  it('may end at different moments, as they do while a cluster runs', async () => {
    const given = [...files].map(([node, lines], index) => [node, lines.slice(0, lines.length - 15 * index)] as const);
    const { misfit, summary } = await judge(given);
    expect(misfit).toBeUndefined();
    expect(summary.notJudged).toEqual([expect.stringMatching(/^messages sent after the trace of their sender ends/)]);
  });

  it('may lack a file', async () => {
    const { valid, summary } = await judge([...files].filter(([node]) => node !== 'n2'));
    expect({ valid, notJudged: summary.notJudged.length }).toEqual({ valid: true, notJudged: 1 });
  });

  it('may end in the middle of a line, where the process was killed, and go on with a header', async () => {
    const lines = [...(files.get('n1') as readonly string[])];
    const cut = (lines.at(-1) as string).slice(0, 20);
    const others = [...files].filter(([node]) => node !== 'n1');
    expect((await judge([...others, ['n1', [...lines, cut]]])).valid).toBe(true);
    expect((await judge([...others, ['n1', [...lines, cut, header]]])).valid).toBe(true);
    await expect(judge([...others, ['n1', lines.toSpliced(5, 0, cut)]])).rejects.toMatchObject({
      code: 'TRACE_INVALID',
      message: expect.stringMatching(/^n1, line 6: A line of the trace is not JSON/),
    });
  });

  it('are judged as they come, and no further than the first step that does not fit', async () => {
    let read = 0;
    const lines = async function* () {
      yield header;
      for (const record of records) {
        read++;
        yield encodeRecording(record.type === 'transition' && read > 50 ? { ...record, state: 'elsewhere' } : record);
      }
    };
    const { misfit } = await judgeTraces([await openTrace({ name: 'all', lines: lines() })], specification);
    expect(misfit).toMatchObject({
      code: 'STATE_DIFFERS',
      allowed: { transitions: expect.arrayContaining([expect.anything()]) },
    });
    expect(misfit?.record).toBe(read);
  });
});

describe('a trace that cannot be judged', () => {
  const opened = (...lines: readonly string[]) => openTrace({ name: 'x.jsonl', lines });

  it.each([
    ['nothing', [], 'TRACE_INVALID', /x\.jsonl is empty/],
    ['no trace', ['hello'], 'TRACE_INVALID', /line 1: .*not JSON/],
    [
      'no header',
      ['{"seq":1,"at":0,"node":"n1","clock":{},"type":"note","text":"x"}'],
      'TRACE_INVALID',
      /does not begin with a header/,
    ],
    ['another version', [header.replace('"version":1', '"version":9')], 'TRACE_VERSION', /version 9/],
    ['a trace for viewers', [JSON.stringify(traceHeader())], 'TRACE_INCOMPLETE', /record one to be judged/],
  ] as const)('is refused in a sentence: %s', async (_, lines, code, message) => {
    await expect(opened(...lines)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('names the line of a record that is none', async () => {
    const { records: read } = await opened(header, encodeTrace(records[0] as TraceRecord), '{"type":"send"}');
    await read.next();
    await expect(read.next()).rejects.toMatchObject({
      code: 'TRACE_INVALID',
      message: expect.stringMatching(/^x\.jsonl, line 3:/),
    });
  });

  it('says so where no actor is of a machine that was given', async () => {
    const foreign = await openTrace({ name: 'x', lines: files.get('c1') as readonly string[] });
    await expect(judgeTraces([foreign], specification.roles.server as never)).rejects.toMatchObject({
      code: 'NOTHING_JUDGED',
    });
  });
});
