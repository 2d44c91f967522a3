import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createSchema, printSorted } from './schema.js';

const committed = new URL('../schema.graphql', import.meta.url);

describe('the schema', () => {
  it('is the committed one (TOUCHSTONE_UPDATE_SCHEMA=1 writes it)', async () => {
    const sdl = printSorted(await createSchema());
    if (process.env['TOUCHSTONE_UPDATE_SCHEMA']) await writeFile(committed, sdl);
    expect(await readFile(committed, 'utf8')).toBe(sdl);
  });

  it('describes every type and field', async () => {
    const schema = await createSchema();
    const types = Object.values(schema.getTypeMap()).filter(
      (type) => !type.name.startsWith('__') && type.astNode === undefined,
    );
    const bare = types.flatMap((type) => {
      const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
      const missing = fields.filter(
        (field) => !field.description && !['Query', 'Mutation', 'Subscription'].includes(field.name),
      );
      const own = type.description || ['Query', 'Mutation', 'Subscription'].includes(type.name) ? [] : [type.name];
      return [...own, ...missing.map((field) => `${type.name}.${field.name}`)];
    });
    expect(bare).toEqual([]);
  });
});
