// Fills the generated parts of the protocols' readmes: `node .scripts/docs.mjs` writes, `--check` compares and fails.
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { mermaidChart } from '../inspector/dist/export/index.js';
import { chartOf } from '../packages/protocol/dist/index.js';

const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values;
const machines = new URL('../machines/', import.meta.url);
const { exports } = JSON.parse(await readFile(new URL('package.json', machines), 'utf8'));

let stale = 0;
for (const name of Object.keys(exports)) {
  const folder = new URL(`src/${name}/`, machines);
  const { specification } = await import(new URL(exports[name].default, machines));
  const readme = new URL('README.md', folder);
  const before = await readFile(readme, 'utf8');
  const parts = {
    ...charts(Object.entries(specification.roles)),
    messages: messageTable(await readFile(new URL('messages.ts', folder), 'utf8')),
  };
  let after = before;
  for (const [part, text] of Object.entries(parts)) after = fill(after, part, text, readme);
  if (after === before) continue;
  stale++;
  if (check) process.stderr.write(`${readme.pathname} is out of date; run: pnpm run docs\n`);
  else await writeFile(readme, after);
}
if (check && stale > 0) process.exitCode = 1;

/** Each role's chart. */
function charts(roles) {
  return Object.fromEntries(
    roles.map(([role, { machine }]) => [
      `chart ${role}`,
      `\`\`\`mermaid\n${mermaidChart(chartOf(machine), { detail: 'compact' })}\n\`\`\``,
    ]),
  );
}

/** Puts `text` between the marks of `part`. */
function fill(document, part, text, file) {
  const marks = new RegExp(`(<!-- generated: ${part}, [^>]*-->)[\\s\\S]*?(<!-- /generated -->)`);
  if (!marks.test(document)) throw new Error(`${file.pathname} has no place for the generated part "${part}"`);
  return document.replace(marks, (_, open, close) => `${open}\n${text}\n${close}`);
}

/**
 * The messages of a protocol, read from `messages.ts`: each exported schema whose docstring begins
 * "Name …: sender → receiver (section)".
 */
function messageTable(source) {
  const rows = [];
  const declaration =
    /\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\s*export const (\w+) =([\s\S]*?)(?=\n\/\*\*|\nexport type|\nconst )/g;
  for (const [, comment, , schema] of source.matchAll(declaration)) {
    const type = schema.match(/type: v\.literal\('(\w+)'\)/)?.[1];
    if (!type) continue;
    const text = comment.replace(/\s*\n?\s*\*\s?/g, ' ').trim();
    const [, sender, receiver, section] = text.match(/: (\S[^:→]*?) → (.+?) \(([^)]*)\)/) ?? [];
    if (!section) throw new Error(`messages.ts: the docstring of ${type} must say "…: sender → receiver (section)"`);
    const named = [...schema.matchAll(/(\w+): (?:count|address|entry|v\.)|^\s*(command),$/gm)].map(
      ([, a, b]) => a ?? b,
    );
    const fields = [...new Set(named)].filter((field) => field !== 'type');
    rows.push(
      `| ${type} | ${sender} | ${receiver} | ${fields.map((field) => `\`${field}\``).join(', ') || '–'} | ${section} |`,
    );
  }
  return ['| message | sender | receiver | fields | source |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}
