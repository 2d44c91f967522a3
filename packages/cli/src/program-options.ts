/** Options that several commands share. */
import { type Command, Option } from 'commander';
import type { ExitCode } from './core/errors.js';
import type { Io } from './core/io.js';

export type Action = (io: Io) => Promise<ExitCode>;
/** Runs an action with the right output and remembers its exit code. */
export type Perform = (json: boolean | undefined, action: Action) => Promise<void>;

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];

/** The flags that describe a variant, shared by run, try, submit and validate. */
export function addVariantOptions(command: Command): Command {
  return command
    .option('-b, --benchmark <key>', 'benchmark, `key` or `key@version`')
    .option('-m, --method <key>', 'method in the slot that the benchmark ranks')
    .option('-p, --param <name=value>', 'a parameter of the method; repeat for more', collect)
    .option('--slot <slot=method>', 'a method in another slot, e.g. layer=gelu; repeat for more', collect)
    .addOption(
      new Option('-d, --division <name>', 'how free parameters are chosen').choices([
        'PLATFORM_TUNED',
        'PUBLISHED_DEFAULTS',
        'OPEN',
      ]),
    )
    .option('--learning-rate <number>', 'learning rate, division OPEN only')
    .option('--weight-decay <number>', 'weight decay, division OPEN only');
}

export const addJson = (command: Command): Command =>
  command.option('--json', 'JSON on standard output and nothing else; errors as JSON on standard error');
