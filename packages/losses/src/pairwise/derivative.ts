/** Symbolic derivatives of expressions: what turns a declared statistic into its gradient's weight. */
import type { Side, Value } from './expression.js';
import {
  add,
  constant,
  div,
  exp,
  greater,
  less,
  lessEqual,
  mul,
  neg,
  select,
  sigmoid,
  sqrt,
  square,
  sub,
} from './expression.js';

/** What to differentiate by: the score, or one field. */
export type Variable =
  { readonly kind: 'score' } | { readonly kind: 'field'; readonly per: Side; readonly name: string };

const zero = constant(0);
export const isZero = (x: Value): boolean => x.kind === 'constant' && x.value === 0;

/**
 * ∂x/∂by. Masks have no derivative. At a kink (|x|, relu, min, max) the derivative is that of the branch which the
 * comparison picks: 0 for |x| and relu at 0, that of the first operand where min or max are even.
 */
export function derivative(x: Value, by: Variable): Value {
  switch (x.kind) {
    case 'constant':
    case 'uniform':
      return zero;
    case 'score':
      return constant(by.kind === 'score' ? 1 : 0);
    case 'field':
      return constant(by.kind === 'field' && by.per === x.per && by.name === x.name ? 1 : 0);
    case 'select': {
      const [yes, no] = [derivative(x.yes, by), derivative(x.no, by)];
      return isZero(yes) && isZero(no) ? zero : select(x.when, yes, no);
    }
    case 'binary':
      return ofBinary(x, derivative(x.a, by), derivative(x.b, by));
    case 'unary': {
      if (x.f === 'detach') return zero;
      const inner = derivative(x.x, by);
      return isZero(inner) ? zero : mul(slope(x), inner);
    }
  }
}

function ofBinary({ f, a, b }: Extract<Value, { kind: 'binary' }>, da: Value, db: Value): Value {
  if (isZero(da) && isZero(db)) return zero;
  switch (f) {
    case 'add':
      return add(da, db);
    case 'sub':
      return sub(da, db);
    case 'mul':
      return add(mul(da, b), mul(a, db));
    case 'div':
      return sub(div(da, b), isZero(db) ? 0 : mul(div(div(a, b), b), db));
    case 'min':
      return select(lessEqual(a, b), da, db);
    case 'max':
      return select(lessEqual(b, a), da, db);
  }
}

/** f′(x) of a unary node. */
function slope(node: Extract<Value, { kind: 'unary' }>): Value {
  const { f, x } = node;
  switch (f) {
    case 'neg':
      return constant(-1);
    case 'abs':
      return select(greater(x, 0), 1, select(less(x, 0), -1, 0));
    case 'square':
      return mul(2, x);
    case 'sqrt':
      return div(0.5, sqrt(x));
    case 'exp':
      return exp(x);
    case 'log':
      return div(1, x);
    case 'relu':
      return select(greater(x, 0), 1, 0);
    case 'sigmoid':
      return mul(node, sub(1, node));
    case 'softplus':
      return sigmoid(x);
    case 'acos':
      return neg(div(1, sqrt(sub(1, square(x)))));
    case 'detach':
      return zero;
  }
}
