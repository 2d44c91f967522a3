/** Apollo plugins: cost before execution, and the HTTP status that a code stands for. */
import type { ApolloServerPlugin } from '@apollo/server';
import type { Context } from './context.js';
import { ERROR_STATUS, type ErrorCode } from './errors.js';
import { requireAffordable } from './limits.js';

export function limitPlugin(): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          if (operation) requireAffordable(schema, document, operation, request.variables ?? {});
        },
      };
    },
  };
}

/** Errors that were thrown below a resolver lose the status that Apollo would have taken from them. */
export function httpStatusPlugin(): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response }) {
          if (response.body.kind !== 'single') return;
          const { errors, data } = response.body.singleResult;
          const codes = (errors ?? []).map((error) => String(error.extensions?.['code']));
          const known = codes.flatMap((code) => ERROR_STATUS[code as ErrorCode] ?? []);
          if (known.length > 0) response.http.status = Math.max(...known);
          else if (codes.includes('INTERNAL_SERVER_ERROR') && !data) response.http.status = 500;
        },
      };
    },
  };
}
