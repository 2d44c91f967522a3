/**
 * Histograms of oriented gradients (Dalal and Triggs, CVPR 2005), with the choices of scikit-image's `hog`:
 * central differences (zero on the border), per pixel the colour channel of the largest gradient magnitude,
 * 9 unsigned orientation bins of 20° without interpolation, cells of 8 × 8 pixels averaged over their area,
 * blocks of 2 × 2 cells at every position, L2-Hys normalisation (L2, clipped at .2, L2 again; ε = 1e-5).
 */
const CELL = 8;
const BLOCK = 2;
const BINS = 9;
const EPSILON = 1e-5;
const CLIP = 0.2;

/** Values of one image: (height/8 − 1) · (width/8 − 1) · 4 · 9; 1,764 for 64 × 64. */
export function hogSize(height: number, width: number): number {
  return (Math.floor(height / CELL) - BLOCK + 1) * (Math.floor(width / CELL) - BLOCK + 1) * BLOCK * BLOCK * BINS;
}

function cellHistograms(pixels: Float32Array, height: number, width: number, channels: number): Float64Array {
  const rows = Math.floor(height / CELL);
  const columns = Math.floor(width / CELL);
  const cells = new Float64Array(rows * columns * BINS);
  for (let y = 0; y < rows * CELL; y++) {
    for (let x = 0; x < columns * CELL; x++) {
      let [gx, gy, largest] = [0, 0, -1];
      for (let c = 0; c < channels; c++) {
        const at = (y * width + x) * channels + c;
        const dx = x > 0 && x < width - 1 ? pixels[at + channels]! - pixels[at - channels]! : 0;
        const dy = y > 0 && y < height - 1 ? pixels[at + width * channels]! - pixels[at - width * channels]! : 0;
        const squares = dx * dx + dy * dy;
        if (squares > largest) [gx, gy, largest] = [dx, dy, squares];
      }
      const degrees = ((Math.atan2(gy, gx) * 180) / Math.PI + 180) % 180;
      const bin = Math.min(BINS - 1, Math.floor((degrees * BINS) / 180));
      const cell = Math.floor(y / CELL) * columns + Math.floor(x / CELL);
      cells[cell * BINS + bin]! += Math.sqrt(largest) / (CELL * CELL);
    }
  }
  return cells;
}

function normaliseL2Hys(block: Float64Array): void {
  for (const clip of [CLIP, Infinity]) {
    let squares = EPSILON * EPSILON;
    for (const value of block) squares += value * value;
    const scale = 1 / Math.sqrt(squares);
    for (let i = 0; i < block.length; i++) block[i] = Math.min(clip, block[i]! * scale);
  }
}

/**
 * Descriptor of one image [height, width, channels] row-major with values 0–255 (divided by 255 first), written into
 * `target` at `offset`; order: block row, block column, cell row, cell column, orientation. `hogSize` values.
 */
export function hogInto(
  pixels: Float32Array,
  height: number,
  width: number,
  channels: number,
  target: Float64Array,
  offset: number,
): void {
  const rows = Math.floor(height / CELL);
  const columns = Math.floor(width / CELL);
  const cells = cellHistograms(
    pixels.map((value) => value / 255),
    height,
    width,
    channels,
  );
  const block = new Float64Array(BLOCK * BLOCK * BINS);
  let at = offset;
  for (let y = 0; y + BLOCK <= rows; y++) {
    for (let x = 0; x + BLOCK <= columns; x++) {
      for (let cell = 0; cell < BLOCK * BLOCK; cell++) {
        const source = ((y + Math.floor(cell / BLOCK)) * columns + x + (cell % BLOCK)) * BINS;
        block.set(cells.subarray(source, source + BINS), cell * BINS);
      }
      normaliseL2Hys(block);
      target.set(block, at);
      at += block.length;
    }
  }
}
