/** The part of the WebAssembly interface that is used here; the project compiles without the browser's types. */

export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}
/** Compiled code; it can be sent to a worker. */
export interface WasmModule {
  readonly compiled: never;
}
export interface WasmInterface {
  readonly Memory: new (options: { initial: number; maximum: number; shared: true }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: { env: Record<string, unknown> },
  ) => { readonly exports: Readonly<Record<string, (...numbers: number[]) => number>> };
  validate(bytes: Uint8Array): boolean;
}

export const wasm = (globalThis as unknown as { WebAssembly: WasmInterface }).WebAssembly;
