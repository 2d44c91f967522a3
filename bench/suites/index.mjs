/**
 * A suite says which cases it has, who takes part in each, and opens one participant:
 * `cases(sizes)` → [{ name, title, unit, implementations: [{ name, alternative?, absent?, python?, script?, values?,
 * goal? }], tolerance?, sizes?, most?, leftOut? }], the first implementation being what ratios are against, `absent` saying why one cannot take part and
 * `python` which interpreter runs it (`script` of lib with `values`), `goal` how many times its time the first may take;
 * `most` rounds at most, `leftOut` why the case cannot run here; `open(case, implementation, sizes)` → { backend, check?(), unit() }.
 * `unit` does the measured work once; `check` gives numbers that must agree with the first implementation's.
 * A suite whose cases have sizes to choose exports their `DEFAULTS`, and `KEYS`, what --json prints of a row; one that
 * knows larger sizes than it takes by itself exports `FULL`, and `cases` gets `{ full }`.
 */
const suites = {
  losses: () => import('./losses.mjs'),
  'train-step': () => import('./train-step.mjs'),
  objectives: () => import('./objectives.mjs'),
  metrics: () => import('./metrics.mjs'),
};

export const SUITES = Object.keys(suites);

export const loadSuite = (name) => suites[name]();
