// The table of rooms in ARCHITECTURE.md: which way imports run.

/** What each room may import of the others. */
const ROOMS = {
  'packages/protocol': [],
  'packages/clocks': [],
  'packages/quorum': [],
  machines: ['packages/protocol', 'packages/clocks', 'packages/quorum'],
  'packages/compiler': ['packages/protocol'],
  'packages/trace': ['packages/protocol', 'packages/clocks'],
  'packages/checker': ['packages/protocol', 'packages/trace'],
  'packages/simulator': [
    'packages/protocol',
    'packages/clocks',
    'packages/compiler',
    'packages/trace',
    'packages/checker',
  ],
  runtime: ['packages/protocol', 'packages/clocks'],
  'packages/testgen': [
    'packages/protocol',
    'packages/compiler',
    'packages/trace',
    'packages/checker',
    'packages/simulator',
    'runtime',
  ],
  'packages/validator': ['packages/protocol', 'packages/testgen'],
  inspector: ['packages/protocol'],
  'packages/examples': [],
  'packages/kv': ['packages/protocol', 'machines', 'runtime'],
  'packages/cli': [
    'packages/protocol',
    'packages/clocks',
    'machines',
    'packages/trace',
    'packages/compiler',
    'packages/checker',
    'packages/simulator',
    'packages/validator',
    'packages/testgen',
    'runtime',
    'inspector',
    'packages/kv',
  ],
};

const all = Object.keys(ROOMS);
const pattern = (rooms) => `^(${rooms.join('|')})/`;

const forbidden = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `${room.replace('/', '-')}-imports`,
  comment: `${room} may import ${allowed.join(', ') || 'no other room'}`,
  severity: 'error',
  from: { path: `^${room}/(src|page|elements)/`, pathNot: '/test/' },
  to: { path: pattern(all.filter((other) => other !== room && !allowed.includes(other))) },
}));

module.exports = {
  forbidden: [
    ...forbidden,
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'faces-only',
      comment: 'a room is reached by its package name, through what it exports, and not by a path into it',
      severity: 'error',
      from: { path: '^((?:packages/)?[^/]+)/', pathNot: '/test/' },
      to: { path: pattern(all), pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'resolved',
      comment: 'every import leads somewhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared',
      comment: "what a room imports stands in its package.json; tests may use the workspace's tools",
      severity: 'error',
      from: { pathNot: '/(test|bench)/|vite[.]config' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    doNotFollow: { path: 'node_modules' },
    // The parser reads no JSX: for .tsx the linter holds the same rule (biome.json).
    exclude: { path: '(^|/)(dist|node_modules)/|[.]tsx$' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@synod/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
};
