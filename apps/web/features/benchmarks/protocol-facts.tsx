import { Facts, TextLink } from '@/components/ui';
import { formatScore, words } from '@/lib/format';
import type { Benchmark } from './query';
import { scoreHref } from './score-keys';

/** The frozen protocol in short. */
export function ProtocolFacts({ benchmark: b }: { benchmark: Benchmark }) {
  if (b.track === 'PREDICTIONS') return <PredictionFacts benchmark={b} />;
  const show = (value: number | null) =>
    value === null ? 'not measured yet' : formatScore(value, b.primary.precision);
  return (
    <Facts
      items={[
        ['Task', `${b.task}, ${words(b.track)} track`],
        [
          'Primary',
          `${b.primary.title} (${b.primary.key}), ${b.primary.direction === 'HIGHER' ? 'higher' : 'lower'} is better`,
        ],
        ['Scale', `${words(b.scale)}, ${b.fidelity}`],
        [
          'Data',
          b.datasets.map((d) => (
            <span key={d.key} className="block">
              <TextLink href={`/datasets/${d.key}`}>{d.title}</TextLink>{' '}
              <span className="text-soft">
                ({words(d.state)}, {d.licence})
              </span>
            </span>
          )),
        ],
        ['Steps', b.steps],
        ['Seeds', b.seeds.join(', ')],
        ['Backend', b.backend],
        [
          'Metrics',
          b.metrics.map((m) => (
            <span key={m.key} className="block">
              <TextLink href={`/metrics/${m.key}`}>{m.title}</TextLink> <span className="text-soft">v{m.version}</span>
            </span>
          )),
        ],
        ['Resolution', show(b.resolution)],
        ['Headroom', show(b.headroom)],
        [
          'Untrained',
          b.untrained ? (
            <TextLink href={`/entries/${b.untrained.id}`}>
              {formatScore(b.untrained.mean, b.primary.precision)}
            </TextLink>
          ) : (
            'not run'
          ),
        ],
        [
          'Baseline',
          b.baseline ? (
            <TextLink href={`/entries/${b.baseline.id}`}>
              {b.baseline.label}, {formatScore(b.baseline.mean, b.primary.precision)}
            </TextLink>
          ) : (
            'not run'
          ),
        ],
        ['Versions', b.versions.join(', ')],
        [
          'Hash',
          <code key="hash" className="break-all">
            {b.hash}
          </code>,
        ],
      ]}
    />
  );
}

/** Where files are scored, nothing of training is to be said. */
function PredictionFacts({ benchmark: b }: { benchmark: Benchmark }) {
  return (
    <Facts
      items={[
        ['Task', b.reportedOnly ? 'lists published numbers' : 'scores predictions that were made elsewhere'],
        [
          'Primary',
          <span key="primary">
            <TextLink href={scoreHref(b.key, b.primary.key)}>{b.primary.title}</TextLink> (<code>{b.primary.key}</code>
            ), {b.primary.direction === 'HIGHER' ? 'higher' : 'lower'} is better
          </span>,
        ],
        b.reportedOnly ? null : ['Official tool', b.oracle ?? 'none: checked against the definition'],
        [
          'Labels',
          b.reportedOnly
            ? 'none here: each row links to its source'
            : b.officialLabels
              ? 'official ones, held here; nobody who sends files sees them'
              : 'rows may be of different data, so none is ranked',
        ],
        [
          'Scale',
          b.fidelity === 'OFFICIAL' ? `${words(b.scale)}, the official protocol` : `${words(b.scale)}, ${b.fidelity}`,
        ],
        ['Resolution', b.resolution === null ? 'not measured yet' : formatScore(b.resolution, b.primary.precision)],
        ['Versions', b.versions.join(', ')],
        [
          'Hash',
          <code key="hash" className="break-all">
            {b.hash}
          </code>,
        ],
      ]}
    />
  );
}
