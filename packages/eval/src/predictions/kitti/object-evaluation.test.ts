import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseKittiObjects } from '../formats/kitti.js';
import { evaluateObjects, averagePrecision } from './object-evaluation.js';

it('x', () => {
  const names = readdirSync('/tmp/kt/gt').sort();
  let t = performance.now();
  const frames = names.map((n) => ({
    truth: parseKittiObjects(readFileSync('/tmp/kt/gt/' + n), n, 'labels'),
    detections: parseKittiObjects(readFileSync('/tmp/kt/data/' + n), n, 'detections'),
  }));
  console.log('read', performance.now() - t);
  t = performance.now();
  const curves = evaluateObjects(frames);
  console.log('eval', performance.now() - t);
  for (const c of curves)
    console.log(
      c.objectClass,
      c.kind,
      c.difficulty,
      c.objects,
      averagePrecision(c.precision, 11),
      averagePrecision(c.precision, 40),
      c.orientation && averagePrecision(c.orientation, 11),
      c.orientation && averagePrecision(c.orientation, 40),
    );
  expect(1).toBe(1);
});
