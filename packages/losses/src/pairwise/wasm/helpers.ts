/** Functions inside a forward module that fold what a tile found into the running values: {value, sum or position}. */
import type { WasmFunction, WasmImport } from './assembler.js';
import { Code, Locals } from './assembler.js';

/** e^x in float64, from outside: only where a row's maximum moves. */
export const EXP_IMPORT: WasmImport = { name: 'exp', parameters: ['f64'], results: ['f64'] };

/** Position that no place of a matrix has. */
export const NOWHERE = 0x7fffffff;

/** (address, the tile's maximum) → what to subtract before e^·: the running maximum, to which the sum is rescaled. */
function reference(): WasmFunction {
  const [address, candidate] = [0, 1];
  const locals = new Locals(2);
  const [next, last] = [locals.make('f64'), locals.make('f64')];
  const code = new Code();
  code.get(candidate).op('f64.promote_f32').set(next).get(address).memory('f64.load').set(last);
  code.get(next, last).op('f64.gt');
  code.when((inner) => {
    inner.get(address).memory('f64.load', 8).f64(0).op('f64.ne');
    inner.when((sum) => {
      sum.get(address).get(address).memory('f64.load', 8);
      sum.get(last, next).op('f64.sub').call(HELPER.exp).op('f64.mul').memory('f64.store', 8);
    });
    inner.get(address, next).memory('f64.store').get(next).set(last);
  });
  // Where nothing was found yet, 0 keeps −∞ − (−∞) from becoming NaN.
  code.f64(0).get(last).get(last).f64(-Infinity).op('f64.eq', 'select', 'f32.demote_f64');
  return { parameters: ['i32', 'f32'], results: ['f32'], locals: locals.types, code };
}

/** (address, value, position): keeps the better of two winners, the first where they are even. */
function best(better: 'f64.gt' | 'f64.lt'): WasmFunction {
  const [address, candidate, position] = [0, 1, 2];
  const locals = new Locals(3);
  const [next, last, at] = [locals.make('f64'), locals.make('f64'), locals.make('f64')];
  const code = new Code();
  code.get(candidate).op('f64.promote_f32').set(next).get(address).memory('f64.load').set(last);
  code.get(address).memory('f64.load', 8).set(at);
  code.get(position).i32(NOWHERE).op('i32.ne');
  code.get(next, last).op(better);
  code.get(next, last).op('f64.eq').get(position).op('f64.convert_i32_s').get(at).op('f64.lt', 'i32.and', 'i32.or');
  code.get(at).f64(-1).op('f64.eq', 'i32.or');
  code.get(next, next).op('f64.ne', 'i32.or', 'i32.and');
  code.when((inner) => {
    inner.get(address, next).memory('f64.store');
    inner.get(address, position).op('f64.convert_i32_s').memory('f64.store', 8);
  });
  return { parameters: ['i32', 'f32', 'i32'], results: [], locals: locals.types, code };
}

/** Numbers of the import and of `helpers()` in a module that starts with them. */
export const HELPER = { exp: 0, reference: 1, max: 2, min: 3 } as const;

export const helpers = (): readonly WasmFunction[] => [reference(), best('f64.gt'), best('f64.lt')];
