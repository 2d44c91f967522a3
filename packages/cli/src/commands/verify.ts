/** `touchstone verify`: numbers of a person's own against the functions of the methods. */
import { writeFile } from 'node:fs/promises';
import { CliError, EXIT, type ExitCode } from '../core/errors.js';
import type { Io } from '../core/io.js';
import { readLimited } from '../core/submission-file.js';

const LIMIT = 64 * 1024 * 1024;

interface VerifyOptions {
  /** File to write, not a switch: standard output ends with `N passed, N failed`. */
  readonly json?: string;
  readonly backend: 'wasm' | 'cpu' | 'webgpu' | 'tensorflow';
}

export async function verify(path: string, options: VerifyOptions, io: Io): Promise<ExitCode> {
  const text = await readLimited(path, LIMIT);
  let cases: unknown;
  try {
    cases = JSON.parse(text);
  } catch (cause) {
    throw new CliError(
      'FILE_MALFORMED',
      `${path} is not JSON: ${(cause as Error).message}`,
      { field: 'file', value: path },
      { cause },
    );
  }
  const { verifyCases } = await import('@touchstone/losses');
  const report = await verifyCases(cases, { backend: options.backend });
  for (const [key, list] of Object.entries(report.cases))
    list.forEach((result, i) => {
      if (result.status === 'failed')
        io.out(`${io.colour.red('failed')} ${key}[${i}] ${result.fn}: ${result.message ?? ''}\n`);
    });
  const absent = Object.entries(report.cases).filter(([, list]) => list.some(({ status }) => status === 'skipped'));
  if (absent.length > 0)
    io.out(`skipped ${report.skipped} cases of methods that are not here: ${absent.map(([key]) => key).join(', ')}\n`);
  if (report.computed > 0) io.out(`computed ${report.computed} cases without an expected value\n`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report.cases, null, 1)}\n`);
  io.out(`${report.passed} passed, ${report.failed} failed\n`);
  return report.failed === 0 ? EXIT.ok : EXIT.failed;
}
