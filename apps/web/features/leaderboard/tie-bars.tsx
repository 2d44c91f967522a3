import type { Segment } from './lanes';

/** Width of a bar and its distance to the next, in pixels. */
const PITCH = 6;
const WIDTH = 3;

/** What the bars take beside the rank. */
export const gutter = (lanes: number): number => (lanes === 0 ? 0 : lanes * PITCH + 8);

/** What the bars of the tie groups show beside one row. Said in words elsewhere in the row. */
export function TieBars({ segments }: { segments: readonly (Segment | null)[] }) {
  return segments.map((segment, lane) => {
    if (!segment) return null;
    const left = lane * PITCH;
    const [top, bottom] = [segment.up ? '-1px' : '8px', segment.down ? '-1px' : '8px'];
    const dotted = { left, borderLeft: `${WIDTH}px dotted var(--accent)` };
    if (!segment.member) return <i key={lane} aria-hidden className="absolute" style={{ ...dotted, top, bottom }} />;
    return (
      <i key={lane} aria-hidden data-tie-lane={lane}>
        {segment.up === 'page' && <i className="absolute top-0 h-2.5" style={dotted} />}
        <i
          className="absolute bg-accent"
          style={{
            left,
            width: WIDTH,
            top: segment.up === 'page' ? '10px' : top,
            bottom: segment.down === 'page' ? '10px' : bottom,
          }}
        />
        {segment.down === 'page' && <i className="absolute bottom-0 h-2.5" style={dotted} />}
      </i>
    );
  });
}
