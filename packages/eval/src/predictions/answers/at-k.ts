/** pass@k, avg@k and maj@k of sampled answers. */

/**
 * Probability that k of n samples drawn without replacement hold one of the c correct: 1 − C(n − c, k)/C(n, k).
 * Source: Chen et al. 2021, Eq. 1. Whole 0 ≤ c ≤ n, 1 ≤ k ≤ n.
 */
export function passAtK(n: number, c: number, k: number): number {
  if (n - c < k) return 1;
  let missed = 1;
  for (let i = n - c + 1; i <= n; i++) missed *= 1 - k / i;
  return 1 - missed;
}

/** Share of correct ones among the first k. */
export const avgAtK = (correct: readonly boolean[], k: number): number =>
  correct.slice(0, k).filter(Boolean).length / k;

/**
 * 1 if the most frequent of the first k canonical answers is `gold`, else 0. Empty answers do not vote; of equally
 * frequent ones the first seen wins; without any vote 0.
 */
export function majAtK(answers: readonly string[], gold: string, k: number): number {
  const votes = new Map<string, number>();
  for (const answer of answers.slice(0, k)) if (answer !== '') votes.set(answer, (votes.get(answer) ?? 0) + 1);
  let winner: string | undefined;
  for (const [answer, count] of votes) if (winner === undefined || count > votes.get(winner)!) winner = answer;
  return Number(winner === gold);
}
