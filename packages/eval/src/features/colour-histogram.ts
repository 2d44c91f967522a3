/** Joint RGB histograms with 4 × 4 × 4 bins of five regions: the centre and the four quadrants. */
const LEVELS = 4;
const BINS = LEVELS ** 3;
const REGIONS = 5;

/** 320 values. */
export const COLOUR_HISTOGRAM_SIZE = REGIONS * BINS;

/**
 * Histograms of one RGB image [height, width, 3] with values 0–255, each the fraction of its region's pixels a bin.
 * Regions in order: centre (the middle half of both sides), top left, top right, bottom left, bottom right.
 * Bin (r·4 + g)·4 + b with level ⌊value / 64⌋. Written into `target` at `offset`.
 */
export function colourHistogramsInto(
  pixels: Float32Array,
  height: number,
  width: number,
  target: Float64Array,
  offset: number,
): void {
  const [halfY, halfX, quarterY, quarterX] = [height >> 1, width >> 1, height >> 2, width >> 2];
  const regions = [
    [quarterY, quarterY + halfY, quarterX, quarterX + halfX],
    [0, halfY, 0, halfX],
    [0, halfY, halfX, width],
    [halfY, height, 0, halfX],
    [halfY, height, halfX, width],
  ] as const;
  regions.forEach(([top, bottom, left, right], region) => {
    const share = 1 / ((bottom - top) * (right - left));
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        let bin = 0;
        for (let c = 0; c < 3; c++) {
          bin = bin * LEVELS + Math.min(LEVELS - 1, Math.floor(pixels[(y * width + x) * 3 + c]! / (256 / LEVELS)));
        }
        target[offset + region * BINS + bin]! += share;
      }
    }
  });
}
