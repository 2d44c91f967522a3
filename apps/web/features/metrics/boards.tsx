import { TextLink } from '@/components/ui';
import type { MetricPageData } from './query';

/** The boards that show a metric, and the protocols that anybody scores on his own labels. */
export function Boards({ metric: { benchmarks, protocols } }: { metric: MetricPageData }) {
  const boardless = protocols.filter((key) => !benchmarks.some((benchmark) => benchmark.key === key));
  return (
    <>
      {benchmarks.length === 0 && <p className="text-soft">No board of this installation shows it.</p>}
      <ul>
        {benchmarks.map((benchmark) => (
          <li key={benchmark.key}>
            <TextLink href={`/leaderboards/${benchmark.key}`}>{benchmark.title}</TextLink>
          </li>
        ))}
      </ul>
      {boardless.length > 0 && (
        <p className="text-soft mt-2 max-w-[72ch]">
          Scored without a board, against one’s own labels, by <code>touchstone score</code>:{' '}
          {boardless.map((key, i) => (
            <span key={key}>
              {i > 0 && ', '}
              <code>{key}</code>
            </span>
          ))}
          .
        </p>
      )}
    </>
  );
}
