/** Times and memory of the losses, as `node bench/plots.mjs` wrote them from the benchmark's results. */
import measurements from './measured.json';

export interface Line {
  readonly name: 'fused' | 'composed' | 'pytorch';
  readonly points: readonly { readonly n: number; readonly value: number }[];
}

export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
}

export const names: Record<Line['name'], string> = {
  fused: 'fused',
  composed: 'composed (TensorFlow.js)',
  pytorch: 'PyTorch',
};

export const { facts } = measurements;
export const time = measurements.time as readonly Panel[];
export const memory = measurements.memory as readonly Panel[];

/** What a line shows at one size; undefined where it was not measured there. */
export const valueAt = (panel: Panel | undefined, name: Line['name'], n: number): number | undefined =>
  panel?.lines.find((line) => line.name === name)?.points.find((point) => point.n === n)?.value;
