/** Every command with its options. Actions are imported when they run, so that --help costs nothing. */
import { Command } from 'commander';
import type { ExitCode } from './core/errors.js';
import { createIo } from './core/io.js';
import { addLocalCommands } from './program-local.js';
import { addOperatorCommands } from './program-operator.js';
import { addRemoteCommands } from './program-remote.js';
import type { Perform } from './program-options.js';

const EXIT_HELP = `
Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 refused, 5 unreachable.
Server: --url, TOUCHSTONE_URL, the last login, else http://127.0.0.1:4000.
Token: TOUCHSTONE_TOKEN, the login's, else TOUCHSTONE_HOME/owner-token for a server on this machine.`;

export function buildProgram(finish: (code: ExitCode) => void): Command {
  const perform: Perform = async (json, action) => finish(await action(createIo(json ?? false)));
  const program = new Command('touchstone')
    .description('Trains and scores variants of machine-learning methods under fixed protocols.')
    .version('0.1.0')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .addHelpText('after', EXIT_HELP);
  addLocalCommands(program, perform);
  addRemoteCommands(program, perform);
  addOperatorCommands(program, perform);
  for (const command of program.commands) inherit(command);
  return program;
}

/** Subcommands made by `command()` copy settings from their parent only at that moment. */
function inherit(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => undefined });
  for (const child of command.commands) inherit(child);
}
