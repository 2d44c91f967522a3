/** The smallest difference that a board can see. */
import type { Context } from '../../lib/context.js';
import type { ResolutionSource } from '../../lib/enums.js';
import type { Board } from './entry.board.js';

export interface Resolution {
  readonly value: number | null;
  readonly source: ResolutionSource | null;
}

/** What a board can see by a score: from its rows, else for the primary what was measured when the benchmark was made. */
export async function resolutionOf(ctx: Context, board: Board): Promise<Resolution> {
  const { benchmark, scoreKey } = board;
  const { resolution } = await ctx.loaders.entry.inference.load(board);
  if (resolution !== null) return { value: resolution, source: 'COMPUTED' };
  const value = scoreKey === benchmark.protocolRecord.primary ? (benchmark.definition?.resolution ?? null) : null;
  return { value, source: value === null ? null : 'DEFINITION' };
}
