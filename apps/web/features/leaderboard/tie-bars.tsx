import type { Segment } from './lanes';

/** Width that the bars take beside the rank, in pixels; narrower bars where there are many. */
export const gutter = (lanes: number): number => (lanes === 0 ? 0 : lanes * pitch(lanes) + 8);

const pitch = (lanes: number) => (lanes > 6 ? 4 : 6);

/** What the bars of the tie groups show beside one row. Said in words elsewhere in the row. */
export function TieBars({ segments }: { segments: readonly (Segment | null)[] }) {
  const width = segments.length > 6 ? 2 : 3;
  return segments.map((segment, lane) => {
    if (!segment) return null;
    const left = lane * pitch(segments.length);
    const [top, bottom] = [segment.up ? '-1px' : '8px', segment.down ? '-1px' : '8px'];
    const dotted = { left, borderLeft: `${width}px dotted var(--accent)` };
    if (!segment.member) return <i key={lane} aria-hidden className="absolute" style={{ ...dotted, top, bottom }} />;
    return (
      <i key={lane} aria-hidden data-tie-lane={lane}>
        {segment.up === 'page' && <i className="absolute top-0 h-2.5" style={dotted} />}
        <i
          className="absolute bg-accent"
          style={{
            left,
            width,
            top: segment.up === 'page' ? '10px' : top,
            bottom: segment.down === 'page' ? '10px' : bottom,
          }}
        />
        {segment.down === 'page' && <i className="absolute bottom-0 h-2.5" style={dotted} />}
      </i>
    );
  });
}
