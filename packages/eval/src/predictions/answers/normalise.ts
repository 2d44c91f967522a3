/** One form for equal answers of competition mathematics. Written rules, no computer algebra: see the protocol's page. */

/** Longer ones are no answers of a competition: they are compared as they stand. */
const LONGEST = 2000;

/** Content of the last `\boxed{…}` (or `\fbox`), braces balanced; undefined without a complete one. One pass over the text. */
export function lastBoxed(text: string): string | undefined {
  const opened: number[] = [];
  let [start, end] = [-1, -1];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{') opened.push(i);
    if (text[i] !== '}') continue;
    const open = opened.pop();
    if (open !== undefined && open > start && /\\(?:boxed|fbox)$/.test(textBefore(text, open)))
      [start, end] = [open, i];
  }
  return start < 0 ? undefined : text.slice(start + 1, end);
}

/** The six characters before a place, white space skipped. */
function textBefore(text: string, at: number): string {
  let to = at;
  while (to > 0 && /\s/.test(text[to - 1]!)) to--;
  return text.slice(Math.max(0, to - 6), to);
}

/** The answer that a response gives: its last box, else what follows its last "answer is", else the whole text. */
export function extractAnswer(response: string): string {
  const boxed = lastBoxed(response);
  if (boxed !== undefined) return boxed.trim();
  // One line can say it twice, so each is matched without what follows.
  const said = [...response.matchAll(/answer(?:\s+is\s*:?|\s*:|\s*=)\s*(?=[^\s:=])/gi)].at(-1);
  const answer = said && response.slice(said.index + said[0].length).split('\n', 1)[0];
  return (answer ?? response).trim();
}

const ARGUMENT = String.raw`(\{[^{}]*\}|[^{}\s\\])`;
const FRACTION = new RegExp(String.raw`\\frac\s*${ARGUMENT}\s*${ARGUMENT}`, 'g');
const bare = (argument: string): string => argument.replace(/^\{|\}$/g, '');

/**
 * Canonical text of an answer; '' for none. TeX that changes only the look goes (dollars, \left, \right, spacing, \text,
 * degree and percent signs, a final full stop, units in \text or \mathrm after a number); \dfrac and \tfrac become \frac,
 * a/b of whole numbers too; thousands separated by commas are joined; numbers lose leading and trailing zeros, so that
 * 025 = 25 = 25.0; case and spaces do not count.
 */
export function normaliseAnswer(answer: string): string {
  if (answer.length > LONGEST) return answer;
  let text = answer
    .normalize('NFKC')
    .replace(/\\\(|\\\)|\\\[|\\\]|\\?\$/g, '')
    .replace(/\\\s/g, ' ')
    .replace(/\\sqrt\s*(\w)/g, '\\sqrt{$1}')
    .replace(/\\(left|right|displaystyle|limits|!|,|;|:|quad|qquad)(?![A-Za-z])/g, '')
    .replace(/\\[dt]frac/g, '\\frac')
    .replace(/\\(?:text|mathrm|textbf|mathbf|mbox)\s*\{([^{}]*)\}/g, ' $1 ')
    .replace(/\^\s*\{?\s*\\circ\s*\}?|\\degree|°/g, '')
    .replace(/\\%|%/g, '')
    .replace(/−/g, '-')
    .trim()
    .replace(/\.$/, '')
    .replace(/^([-+]?[\d.,]+)\s+[A-Za-z][A-Za-z .^\d{}]*$/, '$1');
  text = text.replace(FRACTION, (_, a: string, b: string) => `\\frac{${bare(a)}}{${bare(b)}}`);
  text = text
    .replace(/^([-+]?)(\d+)\/(\d+)$/, '$1\\frac{$2}{$3}')
    .replace(/\s+/g, '')
    .toLowerCase();
  text = text
    .replace(/^[a-z]=(?=.)/, '')
    .replace(/^\((-?[^(),]+)\)$/, '$1')
    .replace(/^\{([^{}]*)\}$/, '$1');
  if (/^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) text = text.replaceAll(',', '');
  return canonicalNumber(text) ?? text;
}

/** Decimal digits without needless zeros or a plus sign; undefined for what is no plain decimal number. */
function canonicalNumber(text: string): string | undefined {
  const match = /^([-+]?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (!match || (match[2] === '' && !match[3])) return undefined;
  const whole = match[2]!.replace(/^0+(?=\d)/, '') || '0';
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  const digits = fraction === '' ? whole : `${whole}.${fraction}`;
  return match[1] === '-' && digits !== '0' ? `-${digits}` : digits;
}
