/** Nested lists, as JSON carries tensors, to and from flat arrays with a shape. */
import type { Nested } from './define.js';
import { LossError } from './errors.js';
import type { Shape } from './shape.js';
import { sizeOf } from './shape.js';

export interface Flat {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/** Numbers and booleans (as 1 and 0) in rectangular lists. Throws DOMAIN or SHAPE_MISMATCH naming `field`. */
export function flatten(field: string, nested: unknown): Flat {
  const shape: number[] = [];
  for (let level = nested; Array.isArray(level); level = level[0]) shape.push(level.length);
  const values = new Float64Array(sizeOf(shape));
  let at = 0;
  const visit = (item: unknown, depth: number, path: string): void => {
    if (depth < shape.length) {
      if (!Array.isArray(item) || item.length !== shape[depth])
        throw new LossError('SHAPE_MISMATCH', `${path}: expected a list of ${shape[depth]}`, {
          field,
          value: item,
          allowed: `rectangular lists of shape [${shape.join(', ')}]`,
        });
      item.forEach((inner, i) => visit(inner, depth + 1, `${path}[${i}]`));
    } else if (typeof item === 'number' || typeof item === 'boolean') values[at++] = Number(item);
    else
      throw new LossError('DOMAIN', `${path}: expected a number, received ${JSON.stringify(item)?.slice(0, 80)}`, {
        field,
        value: item,
        allowed: 'numbers',
      });
  };
  visit(nested, 0, field);
  return { shape, values };
}

/** Lists nested by the shape; a scalar is its number. */
export function nest(values: ArrayLike<number>, shape: Shape): Nested {
  const build = (depth: number, start: number): Nested => {
    if (depth === shape.length) return values[start]!;
    const step = sizeOf(shape.slice(depth + 1));
    return Array.from({ length: shape[depth]! }, (_, i) => build(depth + 1, start + i * step));
  };
  return build(0, 0);
}
