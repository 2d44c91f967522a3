/** Small multiples as one SVG: logarithmic axes, one panel a case, one line an implementation; for light and dark pages. */

/** Told apart by colour, by marker and by dash. */
const STYLES = {
  fused: { light: '#0067a5', dark: '#5cb8f0', dash: '', marker: (x, y) => `<circle cx="${x}" cy="${y}" r="3"/>` },
  composed: {
    light: '#b84a00',
    dark: '#f0a03c',
    dash: '6 3',
    marker: (x, y) => `<path d="M${x - 3} ${y - 3}h6v6h-6z"/>`,
  },
  pytorch: {
    light: '#4a7d2c',
    dark: '#9ccf6e',
    dash: '2 3',
    marker: (x, y) => `<path d="M${x} ${y - 4}l4 7h-8z"/>`,
  },
};

const PANEL = { width: 160, height: 130, left: 56, top: 26, bottom: 30, gap: 16, columns: 4 };
const FONT = 'system-ui, sans-serif';

const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const round = (value) => Math.round(value * 100) / 100;

/** Powers of `base` from the one at or below `low` to the one at or above `high`. */
function powers(low, high, base) {
  const exponent = (value) => Math.log(value) / Math.log(base);
  const [from, to] = [Math.floor(exponent(low) + 1e-9), Math.ceil(exponent(high) - 1e-9)];
  return Array.from({ length: to - from + 1 }, (_, i) => base ** (from + i));
}

function style() {
  const rules = (key) => Object.entries(STYLES).map(([name, each]) => `.${name}{--line:${each[key]}}`);
  return [
    '<style>',
    `.plot{--ink:#222;--soft:#595959;--grid:#d8d8d8}${rules('light').join('')}`,
    `@media (prefers-color-scheme:dark){.plot{--ink:#e8e8e8;--soft:#a8a8a8;--grid:#3c3c3c}${rules('dark').join('')}}`,
    'text{fill:var(--soft);font-size:11px}.title{fill:var(--ink);font-size:12px;font-weight:600}',
    '.grid{stroke:var(--grid)}.series{fill:none;stroke:var(--line);stroke-width:1.8}.marks{fill:var(--line)}',
    '</style>',
  ].join('');
}

function series(name, points, x, y) {
  const { dash, marker } = STYLES[name];
  const at = points.map((point) => [round(x(point.n)), round(y(point.value))]);
  return [
    `<g class="${name}"><polyline class="series" stroke-dasharray="${dash}" points="${at.map(String).join(' ')}"/>`,
    `<g class="marks">${at.map(([px, py]) => marker(px, py)).join('')}</g></g>`,
  ].join('');
}

function panel({ title, lines }, axes, left, top) {
  const { width, height } = PANEL;
  const scale = (ticks, length) => {
    const [low, high] = [Math.log(ticks[0]), Math.log(ticks.at(-1))];
    return (value) => ((Math.log(value) - low) / (high - low)) * length;
  };
  const [across, up] = [scale(axes.x, width), scale(axes.y, height)];
  const [x, y] = [(value) => left + across(value), (value) => top + height - up(value)];
  const horizontal = axes.y.map((tick) => {
    const at = round(y(tick));
    return `<line class="grid" x1="${left}" x2="${left + width}" y1="${at}" y2="${at}"/><text x="${left - 6}" y="${at + 4}" text-anchor="end">${axes.label(tick)}</text>`;
  });
  const vertical = axes.x
    .filter((_, i) => i % 2 === 0)
    .map((tick) => `<text x="${round(x(tick))}" y="${top + height + 16}" text-anchor="middle">${tick}</text>`);
  return [
    `<text class="title" x="${left}" y="${top - 10}">${escape(title)}</text>`,
    ...horizontal,
    ...vertical,
    ...lines.map(({ name, points }) => series(name, points, x, y)),
  ].join('\n');
}

/** `panels`: [{ title, lines: [{ name, points: [{ n, value }] }] }]; `label` writes a tick of the value axis. */
export function smallMultiples({ title, description, caption, label, panels }) {
  const points = panels.flatMap(({ lines }) => lines.flatMap((line) => line.points));
  const bounds = (values) => [Math.min(...values), Math.max(...values)];
  const axes = {
    x: powers(...bounds(points.map(({ n }) => n)), 2),
    y: powers(...bounds(points.map(({ value }) => value)), 10),
    label,
  };
  const { columns, left, top, gap, bottom } = PANEL;
  const cell = [left + PANEL.width + gap, top + PANEL.height + bottom];
  const rows = Math.ceil((panels.length + 1) / columns);
  const origin = (i) => [(i % columns) * cell[0] + left, Math.floor(i / columns) * cell[1] + top + 24];
  const [width, height] = [columns * cell[0], rows * cell[1] + 32];
  const [legendX, legendY] = origin(panels.length);
  const legend = Object.keys(STYLES).map((name, i) => {
    const y = legendY + 12 + i * 22;
    const line = `<line class="series" stroke-dasharray="${STYLES[name].dash}" x1="${legendX}" x2="${legendX + 36}" y1="${y}" y2="${y}"/>`;
    return `<g class="${name}">${line}<g class="marks">${STYLES[name].marker(legendX + 18, y)}</g></g><text x="${legendX + 46}" y="${y + 4}">${name}</text>`;
  });
  const notes = caption.map((line, i) => `<text x="${legendX}" y="${legendY + 90 + i * 15}">${escape(line)}</text>`);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${FONT}" role="img" aria-label="${escape(description)}">`,
    style(),
    `<text class="title" x="${left}" y="16">${escape(title)}</text>`,
    ...panels.map((each, i) => panel(each, axes, ...origin(i))),
    ...legend,
    ...notes,
    '</svg>',
  ].join('\n')}\n`;
}
