/**
 * Writes the registries: which methods, datasets, metrics and benchmarks there are is what lies in their folders.
 * `--check` writes nothing and exits 1 if a registry is stale; `--root DIR` works on another tree.
 * It reads file names and page texts only, so that it runs on a tree that was never built.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const flag = process.argv.indexOf('--root');
const root = flag === -1 ? dirname(dirname(fileURLToPath(import.meta.url))) : process.argv[flag + 1];
const check = process.argv.includes('--check');

const byCodeUnit = (a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
const folders = (path) =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
const identifier = (key, noun) => key.replace(/[^a-z0-9]+(.)?/gi, (_, next) => (next ?? '').toUpperCase()) + noun;

/** Every src/<family>/<key>/definition.ts of the losses package. */
function findMethods() {
  const src = join(root, 'packages/losses/src');
  const found = folders(src).flatMap((family) =>
    folders(join(src, family))
      .filter((key) => existsSync(join(src, family, key, 'definition.ts')))
      .map((key) => ({ key, path: `./${family}/${key}/definition.js`, page: join(src, family, key, 'page.md') })),
  );
  return unique(found.sort(byCodeUnit));
}

/** Every src/<kind>/<key>.ts of the eval package that exports a definition. */
function findRecords(kind) {
  const folder = join(root, 'packages/eval/src', kind);
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('.d.ts'))
    .map((file) => ({ key: file.slice(0, -3), path: `./${kind}/${file.slice(0, -3)}.js`, file: join(folder, file) }))
    .filter(({ file }) => {
      const defines = /export (const|let|\{[^}]*)\s*definition\b/.test(readFileSync(file, 'utf8'));
      if (!defines) console.error(`gen: ${file} exports no \`definition\` and is left out`);
      return defines;
    });
  return unique(found.sort(byCodeUnit));
}

function unique(found) {
  found.forEach(({ key, path }, i) => {
    if (i > 0 && found[i - 1].key === key)
      throw new Error(`gen: two records called ${key}: ${found[i - 1].path}, ${path}`);
  });
  return found;
}

const header = '// Written by `npm run gen`. Do not edit: run it again.\n';
const importOf = (noun) => (record) =>
  `import { definition as ${identifier(record.key, noun)} } from '${record.path}';\n`;
const arrayOf = (name, type, noun, found) =>
  `export const ${name}: readonly ${type}[] = [\n${found.map(({ key }) => `  ${identifier(key, noun)},\n`).join('')}];\n`;

function lossesRegistry() {
  const methods = findMethods();
  const pages = methods
    .filter(({ page }) => existsSync(page))
    .map(({ key, page }) => `  ${JSON.stringify(key)}: ${JSON.stringify(readFileSync(page, 'utf8'))},\n`);
  return (
    `${header}import type { MethodDefinition } from './core/define.js';\n${methods.map(importOf('Method')).join('')}\n` +
    `${arrayOf('methods', 'MethodDefinition', 'Method', methods)}\n` +
    `export const pages: Readonly<Record<string, string>> = {\n${pages.join('')}};\n`
  );
}

function evalRegistry() {
  const kinds = [
    { kind: 'datasets', type: 'DatasetDefinition', noun: 'Dataset' },
    { kind: 'metrics', type: 'MetricDefinition', noun: 'Metric' },
    { kind: 'benchmarks', type: 'BenchmarkDefinition', noun: 'Benchmark' },
  ].map((entry) => ({ ...entry, found: findRecords(entry.kind) }));
  return (
    `${header}import type { ${kinds
      .map(({ type }) => type)
      .sort()
      .join(', ')} } from './core/types.js';\n` +
    `${kinds.flatMap(({ found, noun }) => found.map(importOf(noun))).join('')}\n` +
    kinds.map(({ kind, type, noun, found }) => arrayOf(kind, type, noun, found)).join('\n')
  );
}

function protocolRegistry() {
  const kinds = [
    { kind: 'protocols', name: 'protocols', type: 'PredictionProtocol', noun: 'Protocol' },
    { kind: 'reported', name: 'reportedBoards', type: 'ReportedBoard', noun: 'Board' },
  ].map((entry) => ({
    ...entry,
    found: findRecords(`predictions/${entry.kind}`).map((record) => ({
      ...record,
      path: record.path.replace('./predictions/', './'),
    })),
  }));
  return (
    `${header}import type { ${kinds.map(({ type }) => type).join(', ')} } from './types.js';\n` +
    `${kinds.flatMap(({ found, noun }) => found.map(importOf(noun))).join('')}\n` +
    kinds.map(({ name, type, noun, found }) => arrayOf(name, type, noun, found)).join('\n')
  );
}

function pageRegistry() {
  const found = findRecords('metric-pages/pages').map((record) => ({
    ...record,
    path: record.path.replace('./metric-pages/', './'),
  }));
  return (
    `${header}import type { MetricPage } from './types.js';\n${found.map(importOf('Page')).join('')}\n` +
    arrayOf('metricPages', 'MetricPage', 'Page', found)
  );
}

const outputs = [
  ['packages/losses/src/registry.generated.ts', lossesRegistry()],
  ['packages/eval/src/registry.generated.ts', evalRegistry()],
  ['packages/eval/src/predictions/registry.generated.ts', protocolRegistry()],
  ['packages/eval/src/metric-pages/registry.generated.ts', pageRegistry()],
];
const stale = outputs.filter(([path, text]) => {
  const file = join(root, path);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
});
for (const [path, text] of stale) {
  if (!check) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  console.log(`${check ? 'stale' : 'wrote'} ${path}`);
}
if (check && stale.length > 0) {
  console.error('Run `npm run gen` and commit the result.');
  process.exitCode = 1;
}
