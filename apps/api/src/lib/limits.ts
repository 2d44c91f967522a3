/** What a request may ask for: checked before anything is executed. */
import { ApolloArmor } from '@escape.tech/graphql-armor';
import {
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  valueFromAST,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { ApiError } from './errors.js';

export const LIMITS = {
  /** Bytes of a request body. */
  body: 1_000_000,
  /** Nested selections. */
  depth: 15,
  /** Aliases of a document. */
  aliases: 30,
  /** Directives of a document. */
  directives: 50,
  /** Lexical tokens of a document. */
  tokens: 4_000,
  /** Fields that may be resolved, lists taken at the length that was asked for. */
  cost: 100_000,
  /** Subscriptions of one socket. */
  subscriptions: 20,
  /** Runs of one person that may wait at once. */
  waitingRuns: 20_000,
  /** Bytes of one file of predictions. */
  uploadBytes: 2 ** 31 - 1,
  /** Uploads of one person that may wait for their files at once. */
  openUploads: 100,
  /** Files of one submission of predictions. */
  filesPerSubmission: 20,
  /** Numbers of one report of published results. */
  reportedScores: 100,
} as const;

const report = (context: ValidationContext | null, error: Parameters<ValidationContext['reportError']>[0]) =>
  context?.reportError(error);
// Reported, not thrown: armor's thrown error would be answered as the server's fault.
const refusal = { propagateOnRejection: false, onReject: [report] };

/** Validation rules beyond the specification's. Tokens are limited by the parser, cost after variables are known. */
export const limitRules = new ApolloArmor({
  maxDepth: { enabled: true, n: LIMITS.depth, ignoreIntrospection: true, ...refusal },
  maxAliases: { enabled: true, n: LIMITS.aliases, allowList: [], ...refusal },
  maxDirectives: { enabled: true, n: LIMITS.directives, ...refusal },
  maxTokens: { enabled: false },
  costLimit: { enabled: false },
  blockFieldSuggestion: { enabled: false },
}).protect().validationRules;

/** Rows of a list whose length the query does not state. */
const UNSTATED = 10;

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

interface Walk {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly fragments: Map<string, number>;
}

/** How many times the selection below a field is resolved. */
function rowsOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  parent: GraphQLCompositeType,
  walk: Walk,
): number {
  const value = (name: string): unknown => {
    const argument = field.args.find((a) => a.name === name);
    if (!argument) return undefined;
    const given = node.arguments?.find((a) => a.name.value === name);
    return given ? valueFromAST(given.value, argument.type, walk.variables) : argument.defaultValue;
  };
  const first = value('first') ?? value('last');
  if (typeof first === 'number') return Math.max(1, first);
  const ids = value('ids') ?? value('runs');
  if (Array.isArray(ids)) return Math.max(1, ids.length);
  // The rows of a connection are counted once, at the field that says how many there are.
  if (parent.name.endsWith('Connection') || !isList(field.type)) return 1;
  return UNSTATED;
}

function costOf(selections: SelectionSetNode, parent: GraphQLCompositeType, walk: Walk): number {
  return selections.selections.reduce((sum, node) => {
    if (node.kind === Kind.FRAGMENT_SPREAD) {
      const name = node.name.value;
      let known = walk.fragments.get(name);
      if (known === undefined) {
        const fragment = walk.document.definitions.find(
          (d) => d.kind === Kind.FRAGMENT_DEFINITION && d.name.value === name,
        );
        if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) return sum;
        known = costOf(fragment.selectionSet, typeNamed(walk, fragment.typeCondition.name.value) ?? parent, walk);
        walk.fragments.set(name, known);
      }
      return sum + known;
    }
    if (node.kind === Kind.INLINE_FRAGMENT)
      return (
        sum +
        costOf(
          node.selectionSet,
          (node.typeCondition && typeNamed(walk, node.typeCondition.name.value)) ?? parent,
          walk,
        )
      );
    const field = 'getFields' in parent ? parent.getFields()[node.name.value] : undefined;
    if (!field || !node.selectionSet) return sum + 1;
    const type = getNamedType(field.type);
    return isCompositeType(type)
      ? sum + 1 + rowsOf(field, node, parent, walk) * costOf(node.selectionSet, type, walk)
      : sum + 1;
  }, 0);
}

function typeNamed({ schema }: Walk, name: string): GraphQLCompositeType | undefined {
  const type = schema.getType(name);
  return isCompositeType(type) ? type : undefined;
}

/** Fields that an operation may resolve at most. Introspection is free. */
export function operationCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const root = schema.getRootType(operation.operation);
  return root ? costOf(operation.selectionSet, root, { schema, document, variables, fragments: new Map() }) : 0;
}

/** Throws QUERY_TOO_EXPENSIVE. */
export function requireAffordable(...args: Parameters<typeof operationCost>): void {
  const cost = operationCost(...args);
  if (cost > LIMITS.cost)
    throw new ApiError('QUERY_TOO_EXPENSIVE', `the query may resolve ${cost} fields; allowed are ${LIMITS.cost}`, {
      field: 'query',
      value: cost,
      allowed: `at most ${LIMITS.cost}: ask for fewer rows or fewer nested lists`,
    });
}
