// Fills the generated parts of the protocols' readmes: `node .scripts/docs.mjs` writes, `--check` compares and fails.
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
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
    roles.map(([role, { machine }]) => [`chart ${role}`, `\`\`\`mermaid\n${mermaid(chartOf(machine))}\n\`\`\``]),
  );
}

/** Puts `text` between the marks of `part`. */
function fill(document, part, text, file) {
  const marks = new RegExp(`(<!-- generated: ${part}, [^>]*-->)[\\s\\S]*?(<!-- /generated -->)`);
  if (!marks.test(document)) throw new Error(`${file.pathname} has no place for the generated part "${part}"`);
  return document.replace(marks, (_, open, close) => `${open}\n${text}\n${close}`);
}

/** A chart as a Mermaid state diagram; transitions of the root are drawn as notes, since Mermaid knows no root. */
function mermaid({ root }) {
  const lines = ['stateDiagram-v2'];
  const id = (state) => state.replaceAll('.', '_');
  const label = ({ kind, event, guard }) => {
    const name = { after: `after ${event}`, always: 'always', event: event === '*' ? 'any message' : event }[kind];
    return guard ? `${name} [${guard}]` : name;
  };
  const visit = (state, indent) => {
    for (const child of state.states) {
      if (child.states.length === 0) lines.push(`${indent}state "${child.key}" as ${id(child.id)}`);
      else {
        lines.push(`${indent}state "${child.key}" as ${id(child.id)} {`);
        visit(child, `${indent}  `);
        lines.push(`${indent}}`);
      }
    }
    if (state.initial) lines.push(`${indent}[*] --> ${id(state.initial)}`);
    for (const child of state.states) {
      for (const transition of child.transitions) {
        for (const target of transition.targets)
          lines.push(`${indent}${id(child.id)} --> ${id(target)} : ${label(transition)}`);
      }
    }
  };
  visit(root, '  ');
  for (const transition of root.transitions) {
    for (const target of transition.targets)
      lines.push(`  note left of ${id(target)} : from every state, ${label(transition)}`);
  }
  return lines.join('\n');
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
