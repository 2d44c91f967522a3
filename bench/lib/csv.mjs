/** Reads what report.mjs wrote: → rows by column name, as text. */
export function parseCsv(text) {
  const records = [[]];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted && c === '"' && text[i + 1] === '"') cell += text[++i];
    else if (c === '"') quoted = !quoted;
    else if (!quoted && (c === ',' || c === '\n')) {
      records.at(-1).push(cell);
      cell = '';
      if (c === '\n') records.push([]);
    } else cell += c;
  }
  const [head, ...rows] = records.filter((record) => record.length);
  return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i] ?? ''])));
}
