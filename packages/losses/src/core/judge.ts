/** Comparing a result with what was expected: |a − e| ≤ tol · max(1, |e|), everywhere. */

/** The first difference in words, or undefined where everything agrees. Keys that `expected` lacks are not judged. */
export function firstDifference(
  actual: unknown,
  expected: unknown,
  tolerance: number,
  path = 'value',
): string | undefined {
  if (typeof expected === 'number' || (typeof expected === 'boolean' && typeof actual === 'number')) {
    const wanted = Number(expected);
    if (typeof actual !== 'number' && typeof actual !== 'boolean')
      return `${path}: expected a number, computed ${brief(actual)}`;
    const got = Number(actual);
    if (Object.is(got, wanted) || got === wanted) return undefined;
    const difference = Math.abs(got - wanted);
    if (difference <= tolerance * Math.max(1, Math.abs(wanted))) return undefined;
    return `${path}: computed ${got}, expected ${wanted}, tolerance ${tolerance}`;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length)
      return `${path}: expected a list of ${expected.length}, computed ${brief(actual)}`;
    for (const [i, item] of expected.entries()) {
      const found = firstDifference(actual[i], item, tolerance, `${path}[${i}]`);
      if (found) return found;
    }
    return undefined;
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual))
      return `${path}: expected an object, computed ${brief(actual)}`;
    for (const [key, item] of Object.entries(expected)) {
      if (!Object.hasOwn(actual, key)) return `${path}.${key} was not computed`;
      const found = firstDifference((actual as Record<string, unknown>)[key], item, tolerance, `${path}.${key}`);
      if (found) return found;
    }
    return undefined;
  }
  return actual === expected ? undefined : `${path}: computed ${brief(actual)}, expected ${brief(expected)}`;
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
