/** Scalars beyond GraphQL's own; JSON numbers that JSON cannot carry are refused, not rounded to null. */
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';

function literal(node: ValueNode, variables: Record<string, unknown> | null | undefined): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT: {
      const value = Number(node.value);
      if (!Number.isFinite(value))
        throw new GraphQLError(`${node.value} is beyond the range of numbers`, { nodes: node });
      return value;
    }
    case Kind.LIST:
      return node.values.map((v) => literal(v, variables));
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map((f) => [f.name.value, literal(f.value, variables)]));
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    default:
      throw new GraphQLError(`${node.value} is not JSON: numbers, strings, true, false, null, lists and objects are`, {
        nodes: node,
      });
  }
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

export const JsonScalar = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value.',
  parseValue: (value) => value,
  parseLiteral: literal,
});

function object<T>(value: T): T {
  if (!isObject(value)) throw new GraphQLError('expected a JSON object');
  return value;
}

export const JsonObject = new GraphQLScalarType({
  name: 'JSONObject',
  description: 'A JSON object.',
  serialize: object,
  parseValue: object,
  parseLiteral: (node, variables) => object(literal(node, variables)),
});

export const DateTime = GraphQLDateTime;
