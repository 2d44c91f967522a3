/** The documentation says what is so: queries fit the schema, commands and flags exist, links lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../packages/cli/src/program.js';
import { repository } from './touchstone.js';

type Command = ReturnType<typeof buildProgram>;

const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync(join(repository, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const read = (page: string): string => readFileSync(join(repository, page), 'utf8');
const blocks = (page: string, language: string): string[] =>
  [...read(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);

/** The command that the words name, and the rest; throws where a word names none. */
function resolve(program: Command, words: readonly string[]): { command: Command; rest: readonly string[] } {
  let command = program;
  for (const [i, word] of words.entries()) {
    const next = command.commands.find((each) => each.name() === word);
    if (!next) {
      if (command.commands.length > 0) throw new Error(`no command ${words.slice(0, i + 1).join(' ')}`);
      return { command, rest: words.slice(i) };
    }
    command = next;
  }
  return { command, rest: [] };
}

describe('documentation', () => {
  const schema = buildSchema(read('apps/api/schema.graphql'));
  const queries = pages.flatMap((page) => blocks(page, 'graphql').map((text) => [page, text] as const));
  const posted = pages.flatMap((page) =>
    [...read(page).matchAll(/-d '(\{.*\})'/g)].map(
      ([, body = '']) => [page, (JSON.parse(body) as { query: string }).query] as const,
    ),
  );

  it.each([...queries, ...posted])('%s: the query fits the schema\n%s', (_page, text) =>
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]),
  );

  const commands = pages.flatMap((page) =>
    blocks(page, 'sh').flatMap((text) =>
      [...text.matchAll(/\btouchstone ((?:[^\n"'|>&;$]|"\$\w+")+)/g)].map(
        ([, line = '']) => [page, line.trim()] as const,
      ),
    ),
  );

  it('shows many commands', () => expect(commands.length).toBeGreaterThan(30));

  it.each(commands.filter(([, line]) => !line.startsWith('&&')))('%s: touchstone %s', (_page, line) => {
    const { command, rest } = resolve(
      buildProgram(() => undefined),
      line.split(/\s+/),
    );
    for (const flag of rest.filter((word) => word.startsWith('-')))
      expect(
        command.options.some(({ short, long }) => flag === short || flag === long),
        flag,
      ).toBe(true);
  });

  it.each(pages)('%s: links lead to files', (page) => {
    const targets = [
      ...read(page)
        .replace(/```[\s\S]*?```/g, '')
        .matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g),
    ].map(([, path = '']) => path);
    const missing = targets.filter(
      (path) => !path.includes('docs/images/') && !existsSync(join(repository, dirname(page), path)),
    );
    expect(missing).toEqual([]);
  });

  it('names the two commands on lines of their own', () => {
    const lines = read('README.md').split('\n');
    expect(lines).toContain('npm ci && npm start');
    expect(lines).toContain('npm ci && npm test');
  });
});
