import { TextLink } from '@/components/ui';
import { type MetricGroup, sentence } from './fields';
import { KeyPattern } from './key-pattern';
import type { ListedMetric } from './query';

/** One field of metrics: what each is on the left, the keys it gives on the right. */
export function MetricList({ group: { field, anchor, metrics } }: { group: MetricGroup }) {
  return (
    <section aria-labelledby={anchor}>
      <h2 id={anchor} className="border-b border-ink pb-1 !mb-0 scroll-mt-4">
        {sentence(field)}
      </h2>
      <ul>
        {metrics.map((metric) => (
          <li key={metric.id} className="grid gap-x-8 gap-y-1 border-b border-line py-2 md:grid-cols-[3fr_2fr]">
            <div className="min-w-0">
              <TextLink href={`/metrics/${metric.key}`}>{metric.title}</TextLink>
              {metric.summary && <p className="text-soft max-w-[72ch]">{metric.summary}</p>}
            </div>
            <div className="min-w-0">
              <Keys metric={metric} />
              <p className="text-soft">
                {metric.benchmarks.length === 0
                  ? 'on no board here'
                  : `on ${metric.benchmarks.length} ${metric.benchmarks.length === 1 ? 'board' : 'boards'}`}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Keys({ metric }: { metric: ListedMetric }) {
  const keys =
    metric.patterns.length > 0 ? metric.patterns.map(({ pattern }) => pattern) : metric.outputs.map((o) => o.key);
  return (
    <p className="flex flex-wrap gap-x-3">
      {keys.map((key) => (
        <KeyPattern key={key} pattern={key} />
      ))}
    </p>
  );
}
