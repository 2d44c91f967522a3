/** The command line: parses, runs one command, turns every failure into one line and an exit code. */
import { CommanderError } from 'commander';
import { CliError, describeError, EXIT, type ExitCode, exitCodeOf, formatError } from './core/errors.js';
import { buildProgram } from './program.js';

/** A usage error is commander's; help and version are not errors. */
function normalise(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  return new CliError('USAGE', error.message.replace(/^error: /, ''), { allowed: 'touchstone --help' });
}

/** Returns the exit code; writes the error itself to standard error, as JSON where --json was asked for. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of a pipe went away, as `| head` does.
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
  let code: ExitCode = EXIT.ok;
  try {
    await buildProgram((result) => (code = result)).parseAsync(args, { from: 'user' });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT.ok;
    if (thrown instanceof CommanderError && thrown.code === 'commander.help') return EXIT.usage;
    const error = normalise(thrown);
    const described = describeError(error);
    const json = args.includes('--json');
    process.stderr.write(`${json ? JSON.stringify({ error: described }) : formatError(described)}\n`);
    if (process.env['TOUCHSTONE_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
    return exitCodeOf(described.code);
  }
}
