/** Overlaps of KITTI boxes: upright rectangles in the image, rotated rectangles on the ground, and 3D boxes. */
import type { KittiBoxes } from '../formats/kitti.js';

/** Area over which an intersection is taken: of both together, or of the first box. */
export type Criterion = 'union' | 'first';

/** Overlap of image boxes in [0, 1]; 0 where they do not meet. */
export function imageOverlap(a: KittiBoxes, i: number, b: KittiBoxes, j: number, criterion: Criterion): number {
  const [p, q] = [4 * i, 4 * j];
  const width = Math.min(a.image[p + 2]!, b.image[q + 2]!) - Math.max(a.image[p]!, b.image[q]!);
  const height = Math.min(a.image[p + 3]!, b.image[q + 3]!) - Math.max(a.image[p + 1]!, b.image[q + 1]!);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  const first = (a.image[p + 2]! - a.image[p]!) * (a.image[p + 3]! - a.image[p + 1]!);
  if (criterion === 'first') return shared / first;
  const second = (b.image[q + 2]! - b.image[q]!) * (b.image[q + 3]! - b.image[q + 1]!);
  return shared / (first + second - shared);
}

/** |width · length|; a box with both negative is the same rectangle half a turn on, one with one negative is none. */
export const groundArea = (boxes: KittiBoxes, i: number): number =>
  Math.max(0, boxes.size[3 * i + 1]! * boxes.size[3 * i + 2]!);

const SIGNS_X = [1, 1, -1, -1] as const;
const SIGNS_Z = [1, -1, -1, 1] as const;

// A rectangle clipped by four lines has at most eight corners.
let [fromX, fromZ, toX, toZ] = Array.from({ length: 4 }, () => new Float64Array(16)) as [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
];

/** Area that the two boxes share on the ground, in square metres, by clipping one in the other's own axes. */
export function sharedGround(a: KittiBoxes, i: number, b: KittiBoxes, j: number): number {
  if (groundArea(a, i) === 0 || groundArea(b, j) === 0) return 0;
  const [widthA, lengthA] = [Math.abs(a.size[3 * i + 1]!) / 2, Math.abs(a.size[3 * i + 2]!) / 2];
  const [widthB, lengthB] = [Math.abs(b.size[3 * j + 1]!) / 2, Math.abs(b.size[3 * j + 2]!) / 2];
  const x = a.location[3 * i]! - b.location[3 * j]!;
  const z = a.location[3 * i + 2]! - b.location[3 * j + 2]!;
  const reach = Math.hypot(widthA, lengthA) + Math.hypot(widthB, lengthB);
  if (x * x + z * z > reach * reach) return 0;

  const [cosB, sinB] = [Math.cos(b.rotation[j]!), Math.sin(b.rotation[j]!)];
  const turn = a.rotation[i]! - b.rotation[j]!;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const centreX = cosB * x - sinB * z;
  const centreZ = sinB * x + cosB * z;
  let corners = 4;
  for (let k = 0; k < 4; k += 1) {
    const [dx, dz] = [SIGNS_X[k]! * lengthA, SIGNS_Z[k]! * widthA];
    fromX[k] = centreX + cos * dx + sin * dz;
    fromZ[k] = centreZ - sin * dx + cos * dz;
  }
  corners = clip(corners, 1, 0, lengthB);
  corners = clip(corners, -1, 0, lengthB);
  corners = clip(corners, 0, 1, widthB);
  corners = clip(corners, 0, -1, widthB);
  let twice = 0;
  for (let k = 2; k < corners; k += 1)
    twice +=
      (fromX[k - 1]! - fromX[0]!) * (fromZ[k]! - fromZ[0]!) - (fromX[k]! - fromX[0]!) * (fromZ[k - 1]! - fromZ[0]!);
  return Math.abs(twice) / 2;
}

/** Keeps the part of the polygon with nx·x + nz·z ≤ limit; returns how many corners it has. */
function clip(corners: number, nx: number, nz: number, limit: number): number {
  let kept = 0;
  for (let k = 0; k < corners; k += 1) {
    const next = k + 1 === corners ? 0 : k + 1;
    const [x, z, nextX, nextZ] = [fromX[k]!, fromZ[k]!, fromX[next]!, fromZ[next]!];
    const over = nx * x + nz * z - limit;
    const nextOver = nx * nextX + nz * nextZ - limit;
    if (over <= 0) {
      toX[kept] = x;
      toZ[kept] = z;
      kept += 1;
    }
    if (over <= 0 !== nextOver <= 0) {
      const share = over / (over - nextOver);
      toX[kept] = x + share * (nextX - x);
      toZ[kept] = z + share * (nextZ - z);
      kept += 1;
    }
  }
  [fromX, toX] = [toX, fromX];
  [fromZ, toZ] = [toZ, fromZ];
  return kept;
}

/** Overlap on the ground of two boxes whose shared area is known. */
export function groundOverlap(shared: number, areaA: number, areaB: number, criterion: Criterion): number {
  if (shared === 0) return 0;
  return criterion === 'first' ? shared / areaA : shared / (areaA + areaB - shared);
}

const volume = ({ size }: KittiBoxes, i: number): number => size[3 * i]! * size[3 * i + 2]! * size[3 * i + 1]!;

/** Overlap in space of two boxes whose shared ground area is known; y points down, and boxes stand on their location. */
export function spaceOverlap(
  shared: number,
  a: KittiBoxes,
  i: number,
  b: KittiBoxes,
  j: number,
  criterion: Criterion,
): number {
  if (shared === 0) return 0;
  const [bottomA, bottomB] = [a.location[3 * i + 1]!, b.location[3 * j + 1]!];
  const height = Math.min(bottomA, bottomB) - Math.max(bottomA - a.size[3 * i]!, bottomB - b.size[3 * j]!);
  if (height <= 0) return 0;
  const common = shared * height;
  return criterion === 'first' ? common / volume(a, i) : common / (volume(a, i) + volume(b, j) - common);
}
