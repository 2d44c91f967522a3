import { Facts } from '@/components/ui';
import type { MetricPageData } from './query';

/** The tool that a metric must equal, and where the repository shows that it does. */
export function Proof({ metric: { oracle, parity } }: { metric: MetricPageData }) {
  return (
    <>
      <Facts items={[['Must equal', oracle ?? 'no official tool: checked against the definition']]} />
      <ul className="mt-2">
        {parity.map(({ path, data, figure }) => (
          <li key={path} className="border-l-2 border-accent pl-3 my-2">
            <p className="max-w-[72ch]">{figure.replace(/^./, (letter) => letter.toUpperCase())}.</p>
            <p className="text-soft">
              <code className="[overflow-wrap:anywhere]">{path}</code>
              {data && (
                <>
                  , on the data of <code>{data}</code>
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
