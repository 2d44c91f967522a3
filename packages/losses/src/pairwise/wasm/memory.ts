/** The engine's own memory: reused from call to call, grown when a call needs more, dropped when it has become far too big. */
import { LossError } from '../../core/errors.js';
import { MAXIMUM_PAGES } from './assembler.js';
import type { WasmMemory } from './webassembly.js';
import { wasm } from './webassembly.js';

const PAGE = 65536;
/** A smaller memory is never dropped: getting it again would cost more than keeping it. */
const KEPT_PAGES = 1024;
/** How many times too big a memory may be. */
const SLACK = 4;

let memory: WasmMemory | undefined;

/** A memory of at least `bytes`. What it holds is left over from other calls. Throws DOMAIN beyond 4 GiB. */
export function memoryOf(bytes: number): WasmMemory {
  const pages = Math.ceil(bytes / PAGE);
  if (pages > MAXIMUM_PAGES)
    throw new LossError('DOMAIN', `a pairwise loss needs ${bytes} bytes; the wasm executor can address 4 GiB`, {
      field: 'bytes',
      value: bytes,
      allowed: `at most ${MAXIMUM_PAGES * PAGE}`,
    });
  const held = memory === undefined ? 0 : memory.buffer.byteLength / PAGE;
  if (memory === undefined || held > Math.max(KEPT_PAGES, SLACK * pages))
    memory = new wasm.Memory({ initial: pages, maximum: MAXIMUM_PAGES, shared: true });
  else if (held < pages) memory.grow(pages - held);
  return memory;
}

/** Views of a memory as a whole. */
export interface Views {
  readonly floats: Float32Array;
  readonly integers: Int32Array;
  readonly doubles: Float64Array;
}

let views: { readonly of: SharedArrayBuffer; readonly made: Views } | undefined;

export function viewsOf({ buffer }: WasmMemory): Views {
  if (views?.of !== buffer)
    views = {
      of: buffer,
      made: { floats: new Float32Array(buffer), integers: new Int32Array(buffer), doubles: new Float64Array(buffer) },
    };
  return views.made;
}

/** Lets go of the memory; the next call gets a new one. */
export function releasePairMemory(): void {
  memory = undefined;
  views = undefined;
}

/** Bytes that the engine holds now. */
export const pairMemoryBytes = (): number => memory?.buffer.byteLength ?? 0;

/** Hands out addresses one after the other. */
export class Arena {
  /** Address 0 is kept free: it means "nothing". */
  end = 64;
  take(bytes: number): number {
    const at = this.end;
    this.end += Math.ceil(bytes / 64) * 64;
    return at;
  }
}
