const FRESH_MS = 2000;
let seenAt = 0;

/** Whether the API answers; a yes is believed for two seconds, so that pages do not pay for the question. */
export async function apiAnswers(address: string): Promise<boolean> {
  if (Date.now() - seenAt < FRESH_MS) return true;
  try {
    const { ok } = await fetch(`${address}/livez`, { cache: 'no-store', signal: AbortSignal.timeout(5000) });
    if (ok) seenAt = Date.now();
    return ok;
  } catch {
    return false;
  }
}

/** The page of that moment: it needs nothing else, and asks again by itself. */
export const AWAY_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>The API does not answer · Touchstone</title>
<style>
:root { color-scheme: light dark; --paper: #faf8f4; --ink: #1f1d1a; --soft: #5f594f; --accent: #b8862b }
@media (prefers-color-scheme: dark) { :root { --paper: #121417; --ink: #ebe7df; --soft: #a8a398 } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/20px system-ui, sans-serif }
main { max-width: 640px; margin: 96px auto; padding: 0 16px 0 13px; border-left: 3px solid var(--accent) }
h1 { font-size: 24px; line-height: 32px; margin: 0 0 8px }
p { color: var(--soft); margin: 0 }
</style>
</head>
<body>
<main>
<h1>The API does not answer</h1>
<p>Nothing was lost: what was submitted stays in the queue. This page asks again every five seconds.</p>
</main>
</body>
</html>
`;
