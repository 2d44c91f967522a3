import type { BoardBenchmark, Division, SentClaim } from './query';

/** Which score and which method a board shows, and the same rows as files. */
export function BoardFilter({
  board,
  benchmark,
  division,
  claim,
  score,
  method,
}: {
  /** As the address names it, which may be with a version. */
  board: string;
  benchmark: BoardBenchmark;
  division: Division;
  /** Where the address names one. */
  claim: SentClaim | undefined;
  score: string;
  method: string | undefined;
}) {
  const file = (format: string) => {
    const query = new URLSearchParams({ format, division: division.toLowerCase() });
    if (claim) query.set('claim', claim.toLowerCase());
    if (score !== benchmark.primary.key) query.set('sort', score);
    return `/leaderboards/${encodeURIComponent(board)}/export?${query}`;
  };
  const methods = benchmark.slots.find((slot) => slot.ranked)?.methods ?? [];
  return (
    <form className="flex flex-wrap gap-3 items-end mb-3" action={`/leaderboards/${encodeURIComponent(board)}`}>
      <input type="hidden" name="division" value={division.toLowerCase()} />
      {claim && <input type="hidden" name="claim" value={claim.toLowerCase()} />}
      <label className="grid text-soft min-w-0">
        Score
        <select name="sort" defaultValue={score} className="max-w-56">
          {benchmark.scoreKeys.map((option) => (
            <option key={option.key} value={option.key}>
              {option.title} {option.direction === 'HIGHER' ? '↑' : '↓'}
            </option>
          ))}
        </select>
      </label>
      {methods.length > 0 && (
        <label className="grid text-soft min-w-0">
          Method
          <select name="method" defaultValue={method ?? ''} className="max-w-56">
            <option value="">all</option>
            {methods.map((option) => (
              <option key={option.key} value={option.key}>
                {option.title}
              </option>
            ))}
          </select>
        </label>
      )}
      <button className="button">Show</button>
      <span className="grow" />
      <span className="text-soft flex gap-3">
        Export
        {['csv', 'latex', 'bibtex', 'json'].map((format) => (
          <a key={format} href={file(format)}>
            {format === 'latex' ? 'LaTeX' : format === 'bibtex' ? 'BibTeX' : format.toUpperCase()}
          </a>
        ))}
      </span>
    </form>
  );
}
