/** Compiled code by program, and its instances on the current memory. */
import type { BackwardProgram, ForwardProgram } from '../program.js';
import { backwardModule } from './backward.js';
import type { Variant } from './forward.js';
import { forwardModule } from './forward.js';
import type { Products } from './products.js';
import { productModule } from './products.js';
import type { TileFunctions } from './unit.js';
import type { WasmMemory, WasmModule } from './webassembly.js';
import { wasm } from './webassembly.js';

/** `relaxed-simd` uses fused multiply-add, whose rounding depends on the machine; `simd` gives the same bits anywhere. */
export type PairPlan = 'simd' | 'relaxed-simd';

/** A module under the name by which workers know it. */
export interface Compiled {
  readonly key: string;
  readonly module: WasmModule;
  readonly scratchBytes: number;
}

export interface CodeSet {
  readonly products: Compiled;
  readonly tiles: Readonly<Record<keyof TileFunctions, Compiled>>;
  readonly scratchBytes: number;
}

const CACHED = 512;
const compiled = new Map<string, Compiled>();

function compile(key: string, make: () => { readonly bytes: Uint8Array; readonly scratchBytes: number }): Compiled {
  const known = compiled.get(key);
  if (known) return known;
  if (compiled.size >= CACHED) compiled.clear();
  const { bytes, scratchBytes } = make();
  const result = { key, module: new wasm.Module(bytes), scratchBytes };
  compiled.set(key, result);
  return result;
}

let relaxed: boolean | undefined;
/** Whether this runtime has relaxed SIMD. */
export const hasRelaxedSimd = (): boolean => (relaxed ??= wasm.validate(productModule(true)));

const sets = new WeakMap<ForwardProgram | BackwardProgram, Map<string, CodeSet>>();

/** The code of a program; `columns` and whether the columns are the rows decide which variants are needed. */
export function codeOf(
  program: ForwardProgram | BackwardProgram,
  columns: number,
  symmetric: boolean,
  plan: PairPlan,
): CodeSet {
  const known = sets.get(program) ?? new Map<string, CodeSet>();
  sets.set(program, known);
  const key = `${plan} ${symmetric} ${columns % 4 === 0}`;
  const found = known.get(key) ?? compileAll(program, columns, symmetric, plan);
  known.set(key, found);
  return found;
}

function compileAll(
  program: ForwardProgram | BackwardProgram,
  columns: number,
  symmetric: boolean,
  plan: PairPlan,
): CodeSet {
  const fused = plan === 'relaxed-simd' && hasRelaxedSimd();
  const products = compile(fused ? 'relaxed' : 'plain', () => ({ bytes: productModule(fused), scratchBytes: 0 }));
  const backward = 'weight' in program;
  const tile = (variant: Variant): Compiled =>
    compile([backward, ...variant.orientations, variant.disjoint, variant.ragged, program.key].join('|'), () =>
      backward ? backwardModule(program, variant) : forwardModule(program, variant),
    );
  const [direct, both] = [['direct'], ['direct', 'transposed']] as const;
  const plain = { orientations: symmetric ? both : direct, disjoint: symmetric };
  // A tile on the diagonal holds each pair and its mirror image, so only the sum W + Wᵀ needs both directions there.
  const diagonal = { orientations: symmetric && backward ? both : direct, disjoint: false };
  // Weights beyond the last column reach no gradient, so they need no mask.
  const ragged = !backward && columns % 4 !== 0;
  const tiles = {
    plain: tile({ ...plain, ragged: false }),
    plainRagged: tile({ ...plain, ragged }),
    diagonal: tile({ ...diagonal, ragged: false }),
    diagonalRagged: tile({ ...diagonal, ragged }),
  };
  return { products, tiles, scratchBytes: Math.max(...Object.values(tiles).map((each) => each.scratchBytes)) };
}

let instances: { readonly memory: WasmMemory; readonly known: Map<string, Record<string, unknown>> } | undefined;

export interface Functions {
  readonly products: Products;
  readonly tiles: TileFunctions;
}

/** The functions of `code` on `memory`. */
export function instantiate(code: CodeSet, memory: WasmMemory): Functions {
  if (instances?.memory !== memory || instances.known.size >= CACHED) instances = { memory, known: new Map() };
  const { known } = instances;
  const exportsOf = ({ key, module }: Compiled): Record<string, unknown> => {
    const found = known.get(key) ?? new wasm.Instance(module, { env: { memory, exp: Math.exp } }).exports;
    known.set(key, found);
    return found;
  };
  const tile = (each: Compiled) => exportsOf(each)['tile'] as TileFunctions['plain'];
  const { plain, plainRagged, diagonal, diagonalRagged } = code.tiles;
  return {
    products: exportsOf(code.products) as unknown as Products,
    tiles: {
      plain: tile(plain),
      plainRagged: tile(plainRagged),
      diagonal: tile(diagonal),
      diagonalRagged: tile(diagonalRagged),
    },
  };
}
