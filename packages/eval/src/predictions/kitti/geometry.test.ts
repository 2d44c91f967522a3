import { describe, expect, it } from 'vitest';
import { parseKittiObjects } from '../formats/kitti.js';
import { groundArea, groundOverlap, imageOverlap, sharedGround, spaceOverlap } from './geometry.js';

const image = (left: number, top: number, right: number, bottom: number) =>
  parseKittiObjects(Buffer.from(`Car 0 0 0 ${left} ${top} ${right} ${bottom} 1 1 1 0 0 0 0`), '000000.txt', 'labels');
const ground = (x: number, z: number, width: number, length: number, rotation: number, y = 0, height = 1) =>
  parseKittiObjects(
    Buffer.from(`Car 0 0 0 0 0 1 1 ${height} ${width} ${length} ${x} ${y} ${z} ${rotation}`),
    '000000.txt',
    'labels',
  );

it('image boxes: union, share of the first, and boxes that only touch', () => {
  const [a, b] = [image(0, 0, 4, 2), image(2, 0, 6, 2)];
  expect(imageOverlap(a, 0, b, 0, 'union')).toBeCloseTo(4 / 12, 15);
  expect(imageOverlap(a, 0, b, 0, 'first')).toBe(0.5);
  expect(imageOverlap(a, 0, image(4, 0, 5, 2), 0, 'union')).toBe(0);
});

describe('shared ground', () => {
  it('of a square with itself turned by 45° is a regular octagon', () => {
    const octagon = 8 * (Math.SQRT2 - 1);
    expect(sharedGround(ground(3, 5, 2, 2, 0), 0, ground(3, 5, 2, 2, Math.PI / 4), 0)).toBeCloseTo(octagon, 14);
  });

  it('turns as the camera does: length lies along x at 0 and along −z at a quarter turn', () => {
    const long = ground(0, 0, 1, 10, 0);
    expect(sharedGround(long, 0, ground(4, 0, 1, 1, 0), 0)).toBeCloseTo(1, 14);
    expect(sharedGround(long, 0, ground(0, 4, 1, 1, 0), 0)).toBe(0);
    expect(sharedGround(ground(0, 0, 1, 10, Math.PI / 4), 0, ground(3, -3, 0.2, 0.2, 0), 0)).toBeCloseTo(0.04, 14);
    expect(sharedGround(ground(0, 0, 1, 10, Math.PI / 4), 0, ground(3, 3, 0.2, 0.2, 0), 0)).toBe(0);
  });

  it('is the whole of a box inside another or equal to it, and nothing between neighbours', () => {
    const box = ground(-7.3, 21.9, 1.63, 3.88, -1.57);
    expect(sharedGround(box, 0, box, 0)).toBeCloseTo(groundArea(box, 0), 12);
    expect(sharedGround(ground(0, 0, 1, 1, 0.7), 0, ground(0.2, 0, 9, 9, 0.1), 0)).toBeCloseTo(1, 14);
    expect(sharedGround(ground(0, 0, 1, 1, 0), 0, ground(1, 0, 1, 1, 0), 0)).toBe(0);
  });

  it('takes both sizes negative as the same rectangle, and one negative or zero as none', () => {
    const box = ground(0, 0, 2, 3, 0.3);
    expect(sharedGround(ground(0, 0, -2, -3, 0.3), 0, box, 0)).toBeCloseTo(6, 14);
    for (const [width, length] of [
      [-2, 3],
      [0, 3],
    ] as const)
      expect(sharedGround(ground(0, 0, width, length, 0.3), 0, box, 0)).toBe(0);
  });

  it('equals a count of fine grid points for turned boxes', () => {
    const [a, b] = [ground(0.4, -0.3, 1.7, 4.1, 0.6), ground(-0.2, 0.5, 1.5, 3.8, 2.2)];
    const inside = (box: typeof a, x: number, z: number): boolean => {
      const [dx, dz, r] = [x - box.location[0]!, z - box.location[2]!, box.rotation[0]!];
      const along = Math.cos(r) * dx - Math.sin(r) * dz;
      const across = Math.sin(r) * dx + Math.cos(r) * dz;
      return Math.abs(along) <= box.size[2]! / 2 && Math.abs(across) <= box.size[1]! / 2;
    };
    const step = 0.005;
    let points = 0;
    for (let x = -3; x < 3; x += step)
      for (let z = -3; z < 3; z += step) points += Number(inside(a, x, z) && inside(b, x, z));
    expect(sharedGround(a, 0, b, 0)).toBeCloseTo(points * step * step, 2);
  });
});

it('boxes in space: y points down and boxes stand on their location', () => {
  const [a, b] = [ground(0, 0, 2, 2, 0, 2, 2), ground(1, 0, 2, 2, 0, 1, 2)];
  const shared = sharedGround(a, 0, b, 0);
  expect(shared).toBeCloseTo(2, 14);
  expect(groundOverlap(shared, 4, 4, 'union')).toBeCloseTo(1 / 3, 14);
  expect(spaceOverlap(shared, a, 0, b, 0, 'union')).toBeCloseTo(2 / 14, 14);
  expect(spaceOverlap(shared, a, 0, b, 0, 'first')).toBeCloseTo(0.25, 14);
  expect(spaceOverlap(shared, a, 0, ground(1, 0, 2, 2, 0, 0, 2), 0, 'union')).toBe(0);
});
