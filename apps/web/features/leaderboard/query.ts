import { graphql, type ResultOf } from '@/lib/api/graphql';

export const boardQuery = graphql(`
  query Board(
    $key: String!
    $division: Division
    $claims: [Claim!]
    $orderBy: EntryOrder
    $where: LeaderboardFilter
    $after: String
  ) {
    benchmark(key: $key) {
      key
      version
      title
      summary
      state
      stateMessage
      scale
      fidelity
      task
      track
      reportedOnly
      slot
      headroom
      seeds
      steps
      backend
      primary {
        key
        title
        direction
        precision
        unit
      }
      scoreKeys {
        key
        title
        direction
        precision
        unit
      }
      datasets {
        key
        title
        state
        stateMessage
      }
      slots {
        ranked
        methods {
          key
          title
        }
      }
    }
    leaderboard(
      benchmark: $key
      division: $division
      claims: $claims
      orderBy: $orderBy
      where: $where
      first: 100
      after: $after
    ) {
      totalCount
      resolution
      resolutionSource
      tieGroups {
        number
        entries
        rowsBefore
        rowsAfter
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        rank
        rankLow
        rankHigh
        tieGroups
        mean
        deviation
        n
        units
        unrankedReason
        supersededReason
        supersededBy {
          id
          label
          benchmark {
            key
            version
          }
        }
        source {
          title
          url
          year
          note
        }
        reference
        belowUntrained
        division
        claim
        label
        edge
        notConverged
        shipped
        rederived
        attempts
        variantHash
        params
        interval {
          low
          high
          over
          level
        }
        method {
          key
          title
        }
        difference {
          mean
          low
          high
          n
          p
          over
          tooSmall
        }
        cost {
          wallMs
          cpuMs
        }
      }
    }
  }
`);

export const countsQuery = graphql(`
  query BoardCounts($key: String!) {
    PLATFORM_TUNED: leaderboard(benchmark: $key, division: PLATFORM_TUNED, where: { ranked: true }, first: 1) {
      totalCount
    }
    PUBLISHED_DEFAULTS: leaderboard(benchmark: $key, division: PUBLISHED_DEFAULTS, where: { ranked: true }, first: 1) {
      totalCount
    }
    OPEN: leaderboard(benchmark: $key, division: OPEN, where: { ranked: true }, first: 1) {
      totalCount
    }
  }
`);

/** Rows of each claim that the predictions track has. */
export const claimsQuery = graphql(`
  query BoardClaims($key: String!) {
    SUBMITTED: leaderboard(benchmark: $key, claims: [SUBMITTED], first: 1) {
      totalCount
    }
    REPORTED: leaderboard(benchmark: $key, claims: [REPORTED], first: 1) {
      totalCount
    }
  }
`);

export const CLAIMS = ['SUBMITTED', 'REPORTED'] as const;
export type SentClaim = (typeof CLAIMS)[number];
export type ClaimCounts = Readonly<Record<SentClaim, number>>;

export const readClaims = (found: ResultOf<typeof claimsQuery>): ClaimCounts => ({
  SUBMITTED: found.SUBMITTED.totalCount,
  REPORTED: found.REPORTED.totalCount,
});

/** What a board of the predictions track opens with: what was scored here, unless there is nothing. */
export const openingClaim = ({ SUBMITTED, REPORTED }: ClaimCounts): SentClaim =>
  SUBMITTED === 0 && REPORTED > 0 ? 'REPORTED' : 'SUBMITTED';

export type DivisionCounts = Readonly<Record<Division, number>>;

type Found = Readonly<Record<Division, { readonly totalCount: number }>>;

/** Ranked rows of each division. */
export const readCounts = (found: Found): DivisionCounts => ({
  PLATFORM_TUNED: found.PLATFORM_TUNED.totalCount,
  PUBLISHED_DEFAULTS: found.PUBLISHED_DEFAULTS.totalCount,
  OPEN: found.OPEN.totalCount,
});

/** The headline division, unless it is still empty and another is not. */
export function openingDivision(counts: DivisionCounts): Division {
  return DIVISIONS.find((division) => counts[division] > 0) ?? 'PLATFORM_TUNED';
}

export type Board = ResultOf<typeof boardQuery>;
export type BoardRow = Board['leaderboard']['nodes'][number];
export type BoardBenchmark = NonNullable<Board['benchmark']>;

export const DIVISIONS = ['PLATFORM_TUNED', 'PUBLISHED_DEFAULTS', 'OPEN'] as const;
export type Division = (typeof DIVISIONS)[number];

export const DIVISION_TEXT: Readonly<Record<Division, string>> = {
  PLATFORM_TUNED:
    'Learning rate, weight decay and the method’s own scale chosen by the platform, with the same budget for every entry.',
  PUBLISHED_DEFAULTS: 'Parameters as published, learning rate and weight decay as the protocol sets them.',
  OPEN: 'Parameters as sent; the number of attempts behind a row is shown.',
};

/** What the rows of a board without divisions are. */
export const PREDICTIONS_TEXT = 'Predictions made elsewhere, scored here by the rules of the protocol.';

/** What rows of claim REPORTED are. */
export const REPORTED_TEXT =
  'Numbers as published, with their sources: nothing was scored here, and no row is ranked beside one that was.';

/** The command that sends predictions to a board. */
export const predictionsCommand = (key: string): string =>
  `npx touchstone submit-predictions ${key} --predictions FILE --name NAME --wait`;

export interface BoardSearch {
  /** Undefined where the address names none. */
  readonly division: Division | undefined;
  readonly claim?: SentClaim | undefined;
  readonly sort: string | undefined;
  readonly direction: 'ASC' | 'DESC' | undefined;
  readonly method: string | undefined;
  readonly after: string | undefined;
  readonly highlight: string | undefined;
}

type Raw = Record<string, string | string[] | undefined>;
const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;

export function readSearch(raw: Raw): BoardSearch {
  const division = one(raw.division)?.toUpperCase();
  const direction = one(raw.dir)?.toUpperCase();
  return {
    division: DIVISIONS.find((known) => known === division),
    claim: CLAIMS.find((known) => known === one(raw.claim)?.toUpperCase()),
    sort: one(raw.sort),
    direction: direction === 'ASC' || direction === 'DESC' ? direction : undefined,
    method: one(raw.method),
    after: one(raw.after),
    highlight: one(raw.entry),
  };
}

/** The address of this board with some of its choices changed. */
export function boardHref(key: string, search: BoardSearch, change: Partial<BoardSearch> = {}): string {
  const next = { ...search, after: undefined, ...change };
  const query = new URLSearchParams();
  if (next.division) query.set('division', next.division.toLowerCase());
  if (next.claim) query.set('claim', next.claim.toLowerCase());
  if (next.sort) query.set('sort', next.sort);
  if (next.direction) query.set('dir', next.direction.toLowerCase());
  if (next.method) query.set('method', next.method);
  if (next.after) query.set('after', next.after);
  const text = query.toString();
  return `/leaderboards/${encodeURIComponent(key)}${text ? `?${text}` : ''}`;
}
