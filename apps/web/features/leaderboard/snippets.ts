/** The rows of a division by curl, to be pasted into a shell. */
export function leaderboardCurl(site: string, key: string, division: string): string {
  const rows = 'edges { node { rank mean n interval { low high over } method { key } } }';
  const query = `{ leaderboard(benchmark: "${key}", division: ${division}, first: 20) { ${rows} } }`;
  return `curl -s ${site}/graphql -H 'content-type: application/json' \\\n  -d '${JSON.stringify({ query })}'`;
}
