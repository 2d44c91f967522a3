import type { ReactNode } from 'react';

/** One mutation as a plain form; the route checks origin and right. */
export function ActionButton({ action, id, back, children }: { action: 'cancel' | 'rerun' | 'withdraw' | 'revoke'; id: string; back: string; children: ReactNode }) {
  return (
    <form action={`/actions/${action}`} method="post" className="inline">
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="back" value={back} />
      <button className="button">{children}</button>
    </form>
  );
}
