import { SCOPES } from './scopes';

export function TokenForm() {
  return (
    <form action="/account/token" method="post" className="grid gap-3 max-w-[480px]">
      <label className="grid gap-1">
        Name
        <input name="name" required maxLength={80} />
      </label>
      <fieldset className="flex flex-wrap gap-4">
        <legend className="mb-1">It may</legend>
        {SCOPES.map((scope) => (
          <label key={scope} className="inline-flex gap-2 items-center">
            <input
              type="checkbox"
              name="scopes"
              value={scope}
              defaultChecked={scope === 'read' || scope === 'submit'}
              className="min-h-0"
            />{' '}
            {scope}
          </label>
        ))}
      </fieldset>
      <label className="grid gap-1">
        Days until it expires
        <input name="days" inputMode="numeric" defaultValue="90" />
      </label>
      <div>
        <button className="button">Make it</button>
      </div>
    </form>
  );
}
