/** Generates the function that turns the scores of one tile into weights, in place. */
import type { BackwardProgram } from '../program.js';
import { assemble } from './assembler.js';
import { PARAMETERS, TileFunction } from './emit.js';
import type { TileModule, Variant } from './forward.js';
import { TILE_BYTES } from './layout.js';
import { Lowering, slotsOf } from './lower.js';
import { Builder } from './vector.js';

/** Its function returns whether any weight is not 0. */
export function backwardModule(program: BackwardProgram, variant: Variant): TileModule {
  const b = new Builder();
  const f = new TileFunction();
  const slots = slotsOf(program.reads);
  const weights = variant.orientations.map((orientation) =>
    new Lowering(b, slots, orientation, variant.disjoint).value(program.weight),
  );
  const weight = weights.reduce((x, y) => b.add(x, y));
  const any = f.locals.make('v128');
  f.rows(f.main, (row) =>
    f.columns(row, (code) => {
      const w = f.use(weight);
      code.get(any, w).op('v128.or').set(any);
      f.storePlace(code, 0, w);
    }),
  );
  f.main.get(any).op('v128.any_true');
  const body = { parameters: PARAMETERS, results: ['i32'], ...f.finish(), export: 'tile' } as const;
  return { bytes: assemble([body]), scratchBytes: slots.buffers * TILE_BYTES };
}
