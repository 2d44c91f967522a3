import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeText } from '../formats/table.js';
import { openInput } from '../input.js';
import { scorePredictions } from '../score.js';
import type { TrackingClass } from './tracking-matching.js';

const data = process.env['TOUCHSTONE_DATA'];
if (!data) console.warn('skipped: KITTI objects and tracks against published figures, TOUCHSTONE_DATA is not set');

const folder = mkdtempSync(join(tmpdir(), 'touchstone-kitti-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, files: ReadonlyMap<string, string>): string => {
  mkdirSync(join(folder, name));
  for (const [file, text] of files) writeFileSync(join(folder, name, file), text);
  return join(folder, name);
};

async function textsOf(path: string): Promise<Map<string, string>> {
  const tree = await openInput(path);
  const texts = new Map<string, string>();
  for (const file of tree.files) texts.set(file.name, decodeText(await file.read(), file.name));
  await tree.close();
  return texts;
}

describe.skipIf(!data)('kitti-tracking-frames-object', () => {
  const official = join(data ?? '', 'kitti_object_official_eval');
  const score = (path: string) => scorePredictions({ benchmark: 'kitti-tracking-frames-object', predictions: [path] });

  it('gives what the development kit prints, every digit, within half a minute', { timeout: 30_000 }, async () => {
    const { scores, counts, warnings } = await score(join(official, 'detections_pointrcnn.tar.gz'));
    expect(counts).toMatchObject({ frames: 3919, detections: 43_334 });
    expect(warnings).toEqual([]);
    const { expected } = JSON.parse(readFileSync(join(official, 'expected_car.json'), 'utf8')) as {
      expected: Record<string, Record<'AP11' | 'AP40', number[]>>;
    };
    const names = { '2d': 'car_detection', bev: 'car_detection_ground', '3d': 'car_detection_3d' };
    for (const [kind, name] of Object.entries(names))
      for (const points of [11, 40] as const)
        ['easy', 'moderate', 'hard'].forEach((difficulty, d) =>
          expect(Number(scores[`kitti_ap${points}_${kind}_car_${difficulty}`]!.toFixed(4))).toBe(
            expected[name]![`AP${points}`][d],
          ),
        );
    const oracle = JSON.parse(readFileSync(new URL('boost-oracle.json', import.meta.url), 'utf8')) as {
      expected: Record<string, number>;
    };
    expect(Object.keys(scores).sort()).toEqual(Object.keys(oracle.expected).sort());
    for (const [key, value] of Object.entries(oracle.expected)) expect(scores[key]).toBeCloseTo(value, 9);
  });

  it('gives 100 throughout to the ground truth itself', { timeout: 60_000 }, async () => {
    const files = new Map<string, string>();
    for (const [name, text] of await textsOf(join(official, 'label_2.tar.gz'))) {
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('DontCare'));
      files.set(name.split('/').at(-1)!, lines.map((line) => `${line} 1\n`).join(''));
    }
    const { scores } = await score(write('own-labels', files));
    expect(Object.keys(scores)).toHaveLength(72);
    for (const value of Object.values(scores)) expect(value).toBeCloseTo(100, 9);
  });
});

interface Detection {
  readonly frame: number;
  readonly image: readonly number[];
  readonly score: number;
  readonly size: readonly number[];
  readonly location: readonly number[];
  readonly rotation: number;
  readonly alpha: number;
}

function readDetections(text: string): Detection[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    const values = line.split(',').map(Number);
    return [
      {
        frame: values[0]!,
        image: values.slice(2, 6),
        score: values[6]!,
        size: values.slice(7, 10),
        location: values.slice(10, 13),
        rotation: values[13]!,
        alpha: values[14]!,
      },
    ];
  });
}

/** A tracker of constant velocity, greedy by distance on the ground, born after three hits, lost after three misses. */
function trackGreedily(detections: readonly Detection[], type: string, reach: number, firstId: number): string[] {
  interface Track {
    readonly id: number;
    location: number[];
    velocity: number[];
    hits: number;
    misses: number;
  }
  const lines: string[] = [];
  let tracks: Track[] = [];
  let nextId = firstId;
  const last = detections.at(-1)?.frame ?? -1;
  for (let frame = 0; frame <= last; frame += 1) {
    const found = detections.filter((detection) => detection.frame === frame);
    for (const track of tracks) track.location = track.location.map((value, k) => value + track.velocity[k]!);
    const pairs = tracks
      .flatMap((track) => found.map((detection) => ({ track, detection, distance: distance(track, detection) })))
      .filter((pair) => pair.distance < reach)
      .sort((a, b) => a.distance - b.distance);
    const continued = new Map<Detection, Track>();
    const used = new Set<Track>();
    for (const { track, detection } of pairs) {
      if (used.has(track) || continued.has(detection)) continue;
      used.add(track);
      continued.set(detection, track);
    }
    for (const track of tracks) track.misses = used.has(track) ? 0 : track.misses + 1;
    tracks = tracks.filter(({ misses }) => misses < 3);
    for (const detection of found) {
      let track = continued.get(detection);
      if (!track) {
        track = { id: nextId, location: [...detection.location], velocity: [0, 0, 0], hits: 0, misses: 0 };
        nextId += 1;
        tracks.push(track);
      }
      const error = detection.location.map((value, k) => value - track.location[k]!);
      track.velocity = track.velocity.map((value, k) => value + 0.5 * error[k]!);
      track.location = [...detection.location];
      track.hits += 1;
      if (track.hits < 3 && frame >= 3) continue;
      const { alpha, image, size, location, rotation, score } = detection;
      lines.push([frame, track.id, type, 0, 0, alpha, ...image, ...size, ...location, rotation, score].join(' '));
    }
  }
  return lines;
}

const distance = (a: { location: readonly number[] }, b: { location: readonly number[] }): number =>
  Math.hypot(a.location[0]! - b.location[0]!, a.location[2]! - b.location[2]!);

describe.skipIf(!data)('kitti-tracking', () => {
  const labels = join(data ?? '', 'kitti_tracking/labels_and_seqmap.zip');
  const detections = join(data ?? '', 'kitti_tracking/pointrcnn_detections_val.zip');
  const score = (path: string) => scorePredictions({ benchmark: 'kitti-tracking', predictions: [path] });

  it('gives full marks to the ground truth itself', { timeout: 60_000 }, async () => {
    const files = new Map<string, string>();
    for (const [name, text] of await textsOf(labels)) {
      if (!name.startsWith('label/')) continue;
      const lines = text.split('\n').filter((line) => line !== '' && !line.includes('DontCare'));
      files.set(name.slice(6), lines.map((line) => `${line} 1\n`).join(''));
    }
    const { scores, counts, warnings } = await score(write('own-tracks', files));
    expect(counts).toMatchObject({ sequences: 11, frames: 3919 });
    expect(warnings).toEqual(['10 files were not read (0000.txt, 0002.txt, 0003.txt, …)']);
    for (const of of ['car', 'pedestrian', 'cyclist'])
      for (const name of ['samota', 'amota', 'amotp', 'mota', 'motp', 'recall', 'precision', 'mostly_tracked'])
        // At equal scores every recall point keeps all tracks.
        expect(scores[`${name}_${of}`]).toBeCloseTo(1, 9);
    for (const name of ['id_switches', 'fragmentations', 'false_positives', 'false_negatives'])
      expect(scores[`${name}_overall`]).toBe(0);
  });

  it(
    'has the objects of the published tables, and comes near them with a plain tracker',
    { timeout: 60_000 },
    async () => {
      const texts = await textsOf(detections);
      const files = new Map<string, string>();
      const reach = { car: 4, pedestrian: 1.2, cyclist: 2.5 };
      for (let s = 0; s <= 20; s += 1) {
        const name = `${String(s).padStart(4, '0')}.txt`;
        const lines = Object.entries(reach).flatMap(([of, metres], c) => {
          const type = of[0]!.toUpperCase() + of.slice(1);
          return trackGreedily(readDetections(texts.get(`pointrcnn_${type}_val/${name}`)!), type, metres, 10_000 * c);
        });
        files.set(name, lines.map((line) => `${line}\n`).join(''));
      }
      const { scores } = await score(write('greedy', files));
      // AB3DMOT's docs/KITTI.md: sAMOTA, MOTA, MOTP, false positives, false negatives, switches.
      const published: [TrackingClass, string, number, number, number, number, number, number][] = [
        ['car', '', 93.34, 86.47, 79.4, 368, 766, 0],
        ['pedestrian', '', 82.73, 73.86, 67.58, 589, 1965, 4],
        ['cyclist', '', 93.78, 84.79, 77.23, 114, 90, 1],
        ['car', '_iou0.5', 92.57, 84.81, 79.82, 456, 817, 0],
        ['pedestrian', '_iou0.5', 77.68, 68.19, 68.55, 888, 2223, 2],
        ['cyclist', '_iou0.5', 92.05, 83.38, 77.52, 124, 99, 1],
        ['car', '_iou0.7', 74.96, 62.48, 82.64, 1065, 2079, 0],
      ];
      for (const [of, suffix, samota, mota, motp, falsePositives, falseNegatives, switches] of published) {
        const at = (name: string): number => scores[`${name}_${of}${suffix}`]!;
        const errors = at('false_positives') + at('false_negatives') + at('id_switches');
        const objects = Math.round(errors / (1 - at('mota')));
        const theirs = 100 * (1 - (falsePositives + falseNegatives + switches) / objects);
        expect(Math.abs(theirs - mota)).toBeLessThan(0.0051);
        expect(Math.abs(100 * at('mota') - mota)).toBeLessThan(6);
        expect(Math.abs(100 * at('motp') - motp)).toBeLessThan(2);
        expect(Math.abs(100 * at('samota') - samota)).toBeLessThan(15);
      }
      expect(scores['mota_overall']).toBeCloseTo(
        (scores['mota_car']! + scores['mota_pedestrian']! + scores['mota_cyclist']!) / 3,
        12,
      );
    },
  );
});

describe('files', () => {
  const CAR = 'Car 0 0 0 0 150 100 200 1.5 1.6 4 0 1.6 20 0';
  const truth = write(
    'label_2',
    new Map([
      ['000001.txt', CAR],
      ['000002.txt', ''],
      ['val.txt', '000001\n000002\n'],
    ]),
  );
  const found = new Map([
    ['000001.txt', `${CAR} 0.9`],
    ['000002.txt', ''],
  ]);
  const score = (predictions: string, labels: readonly string[] = [truth]) =>
    scorePredictions({ benchmark: 'kitti-object', predictions: [predictions], labels });

  it('are the same in a folder, and in a tar.gz below another folder', async () => {
    const plain = await score(write('plain', found));
    mkdirSync(join(folder, 'deep'));
    write('deep/data', found);
    execFileSync('tar', ['czf', join(folder, 'deep.tar.gz'), '-C', folder, 'deep']);
    const packed = await score(join(folder, 'deep.tar.gz'));
    expect(packed.scores).toEqual(plain.scores);
    expect(plain.scores['kitti_ap11_3d_car_easy']).toBeCloseTo(100 / 11, 12);
    expect(plain.counts).toEqual({ frames: 2, objects: 1, detections: 1 });
    expect(plain.warnings).toEqual([
      '2 frames: not the official split of 3769',
      'no pedestrian is detected: it has no scores',
      'no cyclist is detected: it has no scores',
    ]);
  });

  it('may be more than the split, with a warning, but not fewer', async () => {
    const more = await score(write('more', new Map([...found, ['000003.txt', ''], ['notes.md', '']])));
    expect(more.warnings).toContain('2 files were not read (000003.txt, notes.md)');
    await expect(score(write('fewer', new Map([['000001.txt', '']])))).rejects.toThrow(
      /1 of 2 files missing \(000002.txt\)/,
    );
  });

  it('of one number twice, a bad split and absent labels are refused', async () => {
    const twice = write('twice', found);
    mkdirSync(join(twice, 'again'));
    writeFileSync(join(twice, 'again/000001.txt'), '');
    await expect(score(twice)).rejects.toThrow(/again\/000001.txt: found 000001.txt again|000001.txt again/);
    const labels = write(
      'bad-split',
      new Map([
        ['000001.txt', CAR],
        ['val.txt', '000001\n1\n'],
      ]),
    );
    await expect(score(join(folder, 'plain'), [labels])).rejects.toThrow(/val.txt, line 2: found "1"/);
    await expect(score(join(folder, 'plain'), [])).rejects.toMatchObject({ code: 'DATASET_MISSING' });
  });

  it('name the file and line that is wrong', async () => {
    const bad = write('bad', new Map([...found, ['000002.txt', `\n${CAR} nan`]]));
    await expect(score(bad)).rejects.toMatchObject({ code: 'FILE_MALFORMED' });
    await expect(score(bad)).rejects.toThrow(/000002.txt, line 2, column score: found "nan"/);
  });

  it('leave out what does not exist: classes without objects that count, angles, 3D boxes', async () => {
    const flat = `Car -1 -1 -10 0 150 100 200 -1 -1 -1 -1000 -1000 -1000 -10 0.9\nCyclist -1 -1 0 0 150 100 200 1.5 1.6 4 0 1.6 20 0 0.9`;
    const { scores, warnings } = await score(write('flat', new Map([...found, ['000001.txt', flat]])));
    expect(Object.keys(scores)).toEqual(
      [11, 40].flatMap((points) => ['easy', 'moderate', 'hard'].map((level) => `kitti_ap${points}_2d_car_${level}`)),
    );
    expect(warnings.slice(1)).toEqual([
      'no car has boxes for bev, 3d: those scores are left out',
      'no pedestrian is detected: it has no scores',
      'a detection has alpha −10: there is no AOS',
      ...['easy', 'moderate', 'hard'].map((level) => `no cyclist counts as ${level}: those scores are left out`),
    ]);
  });

  it('of tracking need a sequence map and frames inside it', async () => {
    const line = '0 1 Car 0 0 0 0 150 100 200 1.5 1.6 4 0 1.6 20 0';
    const labels = write(
      'tracks',
      new Map([
        ['0001.txt', line],
        ['evaluate_tracking.seqmap.val', '0001 empty 000000 000003'],
      ]),
    );
    const track = (text: string, name: string, given = labels) =>
      scorePredictions({
        benchmark: 'kitti-tracking',
        predictions: [write(name, new Map([['0001.txt', text]]))],
        labels: [given],
      });
    const { scores, warnings } = await track(`${line} 1\n1 -1${line.slice(3)} 1`, 'one');
    expect(scores).toMatchObject({ mota_car: 1, motp_car: 1, samota_car: 0, id_switches_car: 0 });
    expect(warnings).toEqual([
      '1 results have track −1 and were left out',
      'no pedestrian is tracked: it has no scores',
      'no cyclist is tracked: it has no scores',
    ]);
    await expect(track(`4${line.slice(1)}`, 'late')).rejects.toThrow(/0001.txt: found frame 4, expected frames 0 to 3/);
    await expect(track(line, 'mapless', write('mapless-labels', new Map([['0001.txt', line]])))).rejects.toThrow(
      /found 0 sequence maps/,
    );
  });
});
