'use client';

import { useEffect, useState } from 'react';

/** Appears where the browser lets a page write to the clipboard. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<'absent' | 'ready' | 'copied'>('absent');
  useEffect(() => {
    if (navigator.clipboard) setState('ready');
  }, []);
  if (state === 'absent') return null;
  const copy = () => {
    void navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('absent'),
    );
  };
  return (
    <button type="button" className="button button-small" onClick={copy} aria-label={`Copy: ${label}`}>
      {state === 'copied' ? 'copied' : 'copy'}
    </button>
  );
}
