/** Inner products of all pairs of rows: the one costly step of comparing every entry with every other. */
import type { WasmModule } from '@touchstone/losses/meta';
import { wasm } from '@touchstone/losses/meta';
import type { Product } from '../predictions/embeddings/kernel.js';
import { PANEL, productModule, STRIP } from '../predictions/embeddings/kernel.js';

const PAGE = 65_536;
let compiled: WasmModule | undefined;

/** Rows in blocks of `height`, each block by column: what the product reads in a straight line. Rows beyond n are zeros. */
function pack(to: Float32Array, x: Float64Array, width: number, height: number): void {
  const n = x.length / width;
  for (let i = 0; i < n; i++) {
    const block = Math.floor(i / height) * height * width + (i % height);
    for (let r = 0; r < width; r++) to[block + r * height] = x[i * width + r]!;
  }
}

/**
 * Row-major [n × n] of x_i · x_j for j ≥ i (below the diagonal the values are not specified), from row-major [n × width], width ≥ 1,
 * with products and sums in float32, in an order that depends on nothing but the width.
 */
export function upperGram(x: Float64Array, n: number, width: number): Float32Array {
  const [strips, panels] = [Math.ceil(n / STRIP), Math.ceil(n / PANEL)];
  const [rightAt, resultAt] = [4 * STRIP * strips * width, 4 * (STRIP * strips + PANEL * panels) * width];
  const stride = 4 * PANEL * panels;
  const pages = Math.ceil((resultAt + stride * STRIP * strips) / PAGE);
  const memory = new wasm.Memory({ initial: pages, maximum: pages, shared: true });
  compiled ??= new wasm.Module(productModule('float'));
  const product = new wasm.Instance(compiled, { env: { memory } }).exports['product'] as unknown as Product;
  pack(new Float32Array(memory.buffer, 0, rightAt / 4), x, width, STRIP);
  pack(new Float32Array(memory.buffer, rightAt, PANEL * panels * width), x, width, PANEL);
  for (let panel = 0; panel < panels; panel++) {
    // Only the rows up to the panel's last column.
    const rows = Math.min(strips, Math.ceil(((panel + 1) * PANEL) / STRIP));
    const right = rightAt + 4 * PANEL * width * panel;
    product(0, right, resultAt + 4 * PANEL * panel, width, stride, rows, 1);
  }
  const gram = new Float32Array(n * n);
  for (let i = 0; i < n; i++) gram.set(new Float32Array(memory.buffer, resultAt + i * stride, n), i * n);
  return gram;
}
