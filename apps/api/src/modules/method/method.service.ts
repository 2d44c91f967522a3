/** Parameters of methods in the shapes that forms and clients need. */
import { parameterSpecs, type MethodDefinition } from '@touchstone/losses/meta';
import { z } from 'zod';
import type { Parameter } from './method.type.js';

const schemas = new WeakMap<MethodDefinition, Record<string, unknown>>();

/** JSON Schema (draft 2020-12) of what `params` may hold; fields with a default are optional. */
export function parameterSchemaOf(definition: MethodDefinition): Record<string, unknown> {
  let schema = schemas.get(definition);
  if (!schema) schemas.set(definition, (schema = z.toJSONSchema(definition.params, { io: 'input' })));
  return schema;
}

export function parametersOf(definition: MethodDefinition): Parameter[] {
  return parameterSpecs(definition).map((spec) => ({
    name: spec.name,
    title: spec.title,
    type: spec.type,
    default: spec.default,
    minimum: spec.exclusiveMinimum ? null : (spec.minimum ?? null),
    maximum: spec.exclusiveMaximum ? null : (spec.maximum ?? null),
    exclusiveMinimum: spec.exclusiveMinimum ? (spec.minimum ?? null) : null,
    exclusiveMaximum: spec.exclusiveMaximum ? (spec.maximum ?? null) : null,
    options: spec.options ? [...spec.options] : null,
    unit: spec.unit ?? null,
    source: spec.source ?? null,
  }));
}
