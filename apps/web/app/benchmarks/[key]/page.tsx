import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Markdown } from '@/components/markdown';
import { Badge, Facts, Notice, PageHead, ScaleBadge, TextLink } from '@/components/ui';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';
import { formatScore, words } from '@/lib/format';

const query = graphql(`
  query BenchmarkPage($key: String!) {
    benchmark(key: $key) {
      key
      version
      versions
      hash
      title
      summary
      page
      state
      stateMessage
      scale
      fidelity
      task
      track
      slot
      steps
      seeds
      backend
      resolution
      headroom
      protocol
      space
      entryCount
      primary {
        key
        title
        direction
        unit
        precision
        low
        high
      }
      metrics {
        key
        version
        title
      }
      scoreKeys {
        key
        title
        direction
      }
      datasets {
        key
        title
        state
        stateMessage
        licence
      }
      slots {
        slot
        ranked
        default {
          key
          title
        }
        methods {
          key
          title
        }
      }
      baseline {
        id
        label
        mean
      }
      untrained {
        id
        mean
      }
    }
  }
`);

interface Props {
  params: Promise<{ key: string }>;
}

const load = cache(async (key: string) => (await request(query, { key })).benchmark);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await load(decodeURIComponent((await params).key)))?.title.concat(', protocol') ?? 'Not found' };
}

export default async function BenchmarkPage({ params }: Props) {
  const b = await load(decodeURIComponent((await params).key));
  if (!b) notFound();
  const show = (value: number | null) =>
    value === null ? 'not measured yet' : formatScore(value, b.primary.precision);
  return (
    <>
      <PageHead
        title={b.title}
        kicker={
          <span className="flex flex-wrap gap-2 items-center">
            Benchmark{' '}
            <code>
              {b.key}@{b.version}
            </code>{' '}
            <ScaleBadge scale={b.scale} fidelity={b.fidelity} />{' '}
            {b.state === 'SUPERSEDED' && <Badge tone="bad">superseded</Badge>}
          </span>
        }
      >
        {b.summary} <TextLink href={`/leaderboards/${b.key}`}>Leaderboard, {b.entryCount} entries</TextLink>
      </PageHead>
      {b.state === 'DATA_MISSING' && <Notice tone="bad">{b.stateMessage}</Notice>}
      <div className="grid gap-8 lg:grid-cols-[3fr_2fr]">
        <div className="min-w-0">
          <Markdown source={b.page} />
          <h2>Slots</h2>
          <ul>
            {b.slots.map((slot) => (
              <li key={slot.slot} className="border-b border-line py-2">
                <span className="font-medium">{words(slot.slot)}</span>{' '}
                {slot.ranked && <Badge tone="accent">ranked here</Badge>}
                <span className="block text-soft">
                  default{' '}
                  {slot.default ? (
                    <TextLink href={`/methods/${slot.default.key}`}>{slot.default.title}</TextLink>
                  ) : (
                    'none'
                  )}
                  ; accepts{' '}
                  {slot.methods.map((method, i) => (
                    <span key={method.key}>
                      {i > 0 && ', '}
                      <TextLink href={`/methods/${method.key}`}>{method.title}</TextLink>
                    </span>
                  ))}
                </span>
              </li>
            ))}
          </ul>
        </div>
        <div className="min-w-0">
          <h2 className="!mt-0">Protocol</h2>
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
                    <TextLink href={`/metrics/${m.key}`}>{m.title}</TextLink>{' '}
                    <span className="text-soft">v{m.version}</span>
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
          <h2>As it is hashed</h2>
          <pre tabIndex={0} className="max-h-[480px] overflow-y-auto">
            {JSON.stringify(b.protocol, null, 2)}
          </pre>
        </div>
      </div>
    </>
  );
}
