import { listMethods, methodPage, parameterSpecs, parseParams } from '@touchstone/losses';
import { describe, expect, it } from 'vitest';

describe.each(listMethods().map((method) => [method.key, method] as const))('definition of %s', (_, method) => {
  it('names exactly the functions that its implementation has', async () => {
    const { functions } = await method.load();
    expect(Object.keys(functions).sort()).toEqual([...method.functions].sort());
  });

  it('says of every parameter its title, unit and the source of its default', () => {
    for (const { name, title, unit, source } of parameterSpecs(method)) {
      expect(title, name).not.toBe(name);
      expect(unit, name).toBeTruthy();
      expect(source, name).toBeTruthy();
    }
  });

  it('bounds every number and refuses what lies outside', () => {
    for (const spec of parameterSpecs(method)) {
      if (spec.type !== 'number' && spec.type !== 'integer') continue;
      expect(spec.minimum, spec.name).toBeTypeOf('number');
      expect(spec.maximum, spec.name).toBeTypeOf('number');
      expect(() => parseParams(method, { [spec.name]: spec.maximum! + 1 })).toThrow(spec.name);
      expect(() => parseParams(method, { [spec.name]: Number.NaN })).toThrow(spec.name);
    }
  });

  it('refuses a parameter that it does not have', () => {
    expect(() => parseParams(method, { nonesuch: 1 })).toThrow(/nonesuch/);
  });

  it('tunes a scale that lies inside the range of its parameter', () => {
    if (!method.scale) return;
    const { param, low, high } = method.scale;
    expect(low).toBeGreaterThan(0);
    expect(high).toBeGreaterThan(low);
    for (const value of [low, high]) expect(parseParams(method, { [param]: value })[param]).toBe(value);
    const preset = parseParams(method)[param] as number;
    expect(preset).toBeGreaterThanOrEqual(low);
    expect(preset).toBeLessThanOrEqual(high);
  });

  it('cites its source and states figures as claims', () => {
    expect(method.paper?.title).toBeTruthy();
    for (const figure of method.reported) {
      expect(Number.isFinite(figure.value)).toBe(true);
      expect(figure.where).toBeTruthy();
    }
  });

  it('has a page with a formula, a use and its limits', () => {
    const page = methodPage(method.key);
    expect(page).toMatch(/^# /);
    expect(page).toContain('$$');
    expect(page).toContain('## Use');
    expect(page).toContain('## Limits');
  });
});
