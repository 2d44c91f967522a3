/** A shape of score keys, which breaks at its choices before anywhere else. */
export function KeyPattern({ pattern }: { pattern: string }) {
  return (
    <code className="[overflow-wrap:anywhere]">
      {pattern.split(/(?<=[,}])/).map((part, i) => (
        <span key={i}>
          {i > 0 && <wbr />}
          {part}
        </span>
      ))}
    </code>
  );
}
