/** Who may know whom. One direction; every breach is an error. */
const packages = {
  'packages/losses': [],
  'packages/eval': ['packages/losses'],
  'packages/cli': ['packages/losses', 'packages/eval'],
  drizzle: [],
  'apps/api': ['packages/losses', 'packages/eval', 'drizzle'],
  'apps/web': ['packages/losses/(src|dist)/meta'],
};

const roomRules = Object.entries(packages).map(([room, allowed]) => ({
  name: `${room.replace('/', '-')}-knows-only-its-own`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: {
    path: '^(packages|apps|drizzle)/',
    pathNot: [`^${room}/`, ...allowed.map((path) => `^${path}`)],
  },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^packages/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'tfjs-stays-behind-losses-core-and-backend',
      severity: 'error',
      from: { path: '^(packages|apps|drizzle)/', pathNot: '^packages/losses/src/(core|backend)/' },
      to: { path: '^node_modules/@tensorflow/' },
    },
    {
      name: 'a-method-never-imports-another',
      comment: 'Shared mathematics moves to core at its second use.',
      severity: 'error',
      from: { path: '^packages/losses/src/(?!core|backend)([^/]+)/([^/]+)/' },
      to: { path: '^packages/losses/src/(?!core|backend)[^/]+/[^/]+/', pathNot: '^packages/losses/src/$1/$2/' },
    },
    {
      name: 'definitions-are-light',
      comment: 'Site and API load definitions without the tensor engine.',
      severity: 'error',
      from: { path: '^packages/losses/src/.*/definition\\.ts$' },
      to: { path: '.', pathNot: ['^node_modules/zod/', '^packages/losses/src/core/define\\.ts$', '/implement\\.ts$'] },
    },
    {
      name: 'no-sql-in-resolvers',
      severity: 'error',
      from: { path: '\\.resolver\\.ts$' },
      to: { path: ['^node_modules/drizzle-orm/', '^drizzle/'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(\\.test\\.tsx?$|/dist/|/\\.next/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.cruise.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
    },
  },
};
