import type { ReactNode } from 'react';

/** One mutation as a plain form; the route checks origin and right. */
export function ActionButton({
  action,
  id,
  back,
  small = false,
  children,
}: {
  action: 'cancel' | 'rerun' | 'withdraw' | 'revoke';
  id: string;
  back: string;
  small?: boolean;
  children: ReactNode;
}) {
  return (
    <form action={`/actions/${action}`} method="post" className="inline">
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="back" value={back} />
      <button className={small ? 'button button-small' : 'button'}>{children}</button>
    </form>
  );
}
