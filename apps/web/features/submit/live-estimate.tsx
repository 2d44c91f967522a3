'use client';

import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Snippet } from '@/components/snippet';
import { submitCommand } from './command';
import { EstimatePanel } from './estimate-panel';
import { type ParameterType, readFields, type SubmitInput, toInput } from './input';
import type { EstimateResult } from './query';

interface LiveEstimateProps {
  initial: EstimateResult;
  /** What `initial` is of. */
  initialInput: SubmitInput;
  types: readonly ParameterType[];
  /** The text of the operation, printed on the server so that no GraphQL parser travels. */
  operation: string;
  children: ReactNode;
}

/** Holds the form and asks for a new estimate when a field has been still for a moment. */
export function LiveEstimate({ initial, initialInput, types, operation, children }: LiveEstimateProps) {
  const holder = useRef<HTMLDivElement>(null);
  const [estimate, setEstimate] = useState(initial);
  const [shown, setShown] = useState(initialInput);
  useEffect(() => {
    const form = holder.current?.querySelector('form');
    if (!form) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let newest = 0;
    const ask = async () => {
      const mine = ++newest;
      const input = toInput(readFields(new FormData(form)), types);
      setShown(input);
      try {
        const answer = await fetch('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: operation, variables: { input } }),
        });
        const body = (await answer.json()) as { data?: { estimate?: EstimateResult } | null };
        if (mine === newest && body.data?.estimate) setEstimate(body.data.estimate);
      } catch {
        // The panel keeps what it showed; sending the form says what is wrong.
      }
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void ask(), 350);
    };
    form.addEventListener('input', later);
    return () => {
      clearTimeout(timer);
      form.removeEventListener('input', later);
    };
  }, [types, operation]);
  return (
    <div ref={holder} className="grid gap-8 lg:grid-cols-[3fr_2fr]">
      {children}
      <div className="border-l border-line pl-4 min-w-0">
        <EstimatePanel estimate={estimate} />
        <div className="mt-6">
          <Snippet label="The same from a shell" text={submitCommand(shown)} />
        </div>
      </div>
    </div>
  );
}
