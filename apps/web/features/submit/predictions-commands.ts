/** The ways to send predictions without the site, to be pasted. */

interface Target {
  readonly key: string;
  readonly files: readonly { readonly formats: readonly string[] }[];
}

/** A file name that the protocol would take: the first ending it names. */
function fileNameFor({ files }: Target): string {
  const formats = files.flatMap((kind) => kind.formats);
  const archive = formats.some((format) => format.startsWith('folder')) && formats.find((format) => format === '.zip');
  const ending = archive || formats.map((format) => /^\.[\w.]+/.exec(format)?.[0]).find((found) => found !== undefined);
  return `predictions${ending ?? '.txt'}`;
}

export interface PredictionsCommands {
  readonly formats: string;
  readonly score: string;
  readonly cli: string;
  readonly python: string;
  readonly curl: string;
}

export function predictionsCommands(benchmark: Target): PredictionsCommands {
  const { key } = benchmark;
  const file = fileNameFor(benchmark);
  return {
    formats: `npx touchstone score --formats ${key}`,
    score: `npx touchstone score ${key} --predictions ${file}`,
    cli: `npx touchstone submit-predictions ${key} \\\n  --predictions ${file} --name 'my model' --wait`,
    python: [
      'import touchstone_client as touchstone',
      '',
      'client = touchstone.login()  # TOUCHSTONE_URL, TOUCHSTONE_TOKEN',
      `sent = client.submit_predictions("${key}", ["${file}"], name="my model")`,
      'done = client.wait(sent["id"])',
      'print(done["runs"][0]["scores"])',
    ].join('\n'),
    curl: [
      '# TOUCHSTONE_URL: address of the API; TOUCHSTONE_TOKEN: a token with the scope submit',
      'ask() {',
      '  curl -s "$TOUCHSTONE_URL/graphql" -H "authorization: Bearer $TOUCHSTONE_TOKEN" \\',
      `    -H 'content-type: application/json' -d "$1"`,
      '}',
      `part() { sed -E 's/.*"'$1'":"([^"]*)".*/\\1/'; }`,
      `file=${file}`,
      'bytes=$(($(wc -c < "$file")))',
      'sha=$(sha256sum "$file" | cut -c1-64)',
      `upload=$(ask '{"query": "mutation($input: CreateUploadInput!) {` +
        ` createUpload(input: $input) { upload { id url } userErrors { message allowed } } }",`,
      `  "variables": {"input": {"benchmark": "${key}",`,
      `    "fileName": "'"$file"'", "bytes": '$bytes', "sha256": "'$sha'"}}}')`,
      'curl -s -T "$file" "$(echo "$upload" | part url)"',
      `ask '{"query": "mutation($input: SubmitPredictionsInput!) {` +
        ` submitPredictions(input: $input) { submission { id } userErrors { message allowed } } }",`,
      `  "variables": {"input": {"benchmark": "${key}", "name": "my model",`,
      `    "uploads": ["'$(echo "$upload" | part id)'"]}}}'`,
    ].join('\n'),
  };
}
