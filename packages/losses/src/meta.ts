/** Definitions without TensorFlow.js (`@touchstone/losses/meta`): for the site, the API and forms. */
import type { MethodDefinition, Paper } from './core/define.js';
import { LossError } from './core/errors.js';
import { methods, pages } from './registry.js';

export type { InputSpec, MethodDefinition, MethodImplementation, Paper, ReportedFigure } from './core/define.js';
export { defineMethod } from './core/define.js';
export type { LossErrorCode } from './core/errors.js';
export { LossError } from './core/errors.js';
export type { ParameterSpec, ParameterType, ParameterValue } from './core/params.js';
export { allowedValues, parameterSpecs, parseParams } from './core/params.js';
export type { Rng } from './core/rng.js';
export { philox } from './core/rng.js';
export type { ValueType, WasmFunction } from './pairwise/wasm/assembler.js';
export { assemble, Code, Locals, MAXIMUM_PAGES } from './pairwise/wasm/assembler.js';
export type { WasmMemory, WasmModule } from './pairwise/wasm/webassembly.js';
export { wasm } from './pairwise/wasm/webassembly.js';
export type * from './core/slots.js';
export { SLOTS } from './core/slots.js';

/** Every method, sorted by key. */
export const listMethods = (): readonly MethodDefinition[] => methods;

/** The method of that key. Throws UNKNOWN_METHOD. */
export function getMethod(key: string): MethodDefinition {
  const found = methods.find((method) => method.key === key);
  if (found) return found;
  const allowed = methods.map((method) => method.key).join(', ');
  throw new LossError('UNKNOWN_METHOD', `method "${String(key).slice(0, 80)}" does not exist; allowed: ${allowed}`, {
    field: 'method',
    value: key,
    allowed,
  });
}

/** The page text of a method (Markdown), empty where it has none. */
export const methodPage = (key: string): string => pages[key] ?? '';

/** Every paper of a method, once, sorted by key, with the keys of its methods. */
export function listPapers(): readonly (Paper & { readonly methods: readonly string[] })[] {
  const papers = new Map<string, Paper & { methods: string[] }>();
  for (const { key, paper } of methods) {
    if (!paper) continue;
    const known = papers.get(paper.key);
    if (known) known.methods.push(key);
    else papers.set(paper.key, { ...paper, methods: [key] });
  }
  return [...papers.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
