/**
 * A suite says which cases it has, who takes part in each, and opens one participant:
 * `cases()` → [{ name, title, unit, implementations: [{ name, alternative? }], tolerance? }], the first implementation
 * being what ratios are against; `open(case, implementation)` → { backend, check?, unit() }.
 * `unit` does the measured work once; `check` are numbers that must agree with the first implementation's.
 */
const suites = {
  'train-step': () => import('./train-step.mjs'),
  objectives: () => import('./objectives.mjs'),
  metrics: () => import('./metrics.mjs'),
};

export const SUITES = Object.keys(suites);

export const loadSuite = (name) => suites[name]();
