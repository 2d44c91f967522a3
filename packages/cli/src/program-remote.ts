/** Commands that speak to a server. */
import { type Command, Option } from 'commander';
import { addJson, addVariantOptions, type Perform } from './program-options.js';

const remote = (command: Command): Command => addJson(command.option('--url <url>', 'address of the server'));

export function addRemoteCommands(program: Command, perform: Perform): void {
  remote(
    addVariantOptions(program.command('submit [file]').description('send a variant (YAML file or flags) to a server')),
  )
    .option('--seeds <n|list>', "how many of the protocol's seeds, or which (0,2,4)")
    .option('--dry-run', 'say what would happen; nothing is stored')
    .option('--watch', 'wait until every run has ended')
    .option('--note <text>', 'a note kept with the submission')
    .option('--idempotency-key <key>', 'sending the same key twice makes one submission')
    .action((file: string | undefined, options) =>
      perform(options.json, async (io) => (await import('./commands/submit.js')).submit(file, options, io)),
    );
  remote(
    program
      .command('submit-predictions <benchmark>')
      .description('send prediction files made elsewhere to a server, which scores them by the official protocol'),
  )
    .requiredOption('-p, --predictions <file...>', 'files, in the order in which the benchmark takes them')
    .requiredOption('-n, --name <name>', 'what made them, as the board shows it')
    .option('--wait', 'wait until they are scored; 0 when they could be')
    .option('--note <text>', 'a note kept with the submission')
    .option('--idempotency-key <key>', 'sending the same key and files twice makes one submission')
    .action((benchmark: string, options) =>
      perform(options.json, async (io) =>
        (await import('./commands/submit-predictions.js')).submitPredictions(benchmark, options, io),
      ),
    );
  remote(
    program
      .command('import [source]')
      .description('send published results that lie in the data folders to a server; a second time changes nothing'),
  )
    .option('--list', 'explain the sources')
    .option('--server <url>', 'the same as --url')
    .option('--token <token>', 'a token with the scope `submit`; default as for the other commands')
    .option('--dry-run', 'say which rows are new; nothing is sent')
    .option('--no-wait', 'do not wait until the files are scored')
    .action((source: string | undefined, options) =>
      perform(options.json, async (io) => (await import('./commands/import.js')).importResults(source, options, io)),
    );
  remote(program.command('watch <id>').description('wait for a submission or run; 0 when every run succeeded')).action(
    (id: string, options) =>
      perform(options.json, async (io) => (await import('./commands/watch.js')).watch(id, options, io)),
  );
  remote(program.command('status [id]').description('a submission, a run, or the server itself')).action(
    (id: string | undefined, options) =>
      perform(options.json, async (io) => (await import('./commands/watch.js')).status(id, options, io)),
  );
  remote(program.command('logs <run>').description('log lines of a run'))
    .option('-f, --follow', 'until the run has ended')
    .option('--last <n>', 'how many lines to begin with', '200')
    .action((id: string, options) =>
      perform(options.json, async (io) => (await import('./commands/watch.js')).logs(id, options, io)),
    );
  remote(program.command('cancel <id>').description('cancel a run, or every unfinished run of a submission')).action(
    (id: string, options) =>
      perform(options.json, async (io) => (await import('./commands/watch.js')).cancel(id, options, io)),
  );
  remote(
    program.command('accept-labels <run>').description('owners: a board moves on to the labels behind this run'),
  ).action((run: string, options) =>
    perform(options.json, async (io) => (await import('./commands/accept-labels.js')).acceptLabels(run, options, io)),
  );
  remote(program.command('leaderboard <benchmark>').description('the rows of a board'))
    .option('-d, --division <name>', 'one division only')
    .option('--metric <key>', 'order and show by this score instead of the primary one')
    .addOption(
      new Option('--claim <claim>', 'rows that were scored here from files, or published numbers').choices([
        'RERUN',
        'SUBMITTED',
        'REPORTED',
      ]),
    )
    .option('--first <n>', 'at most this many rows', '50')
    .addOption(new Option('--csv', 'CSV on standard output').conflicts(['latex', 'json']))
    .addOption(new Option('--latex', 'a LaTeX table (booktabs)').conflicts(['csv', 'json']))
    .action((benchmark: string, options) =>
      perform(options.json, async (io) =>
        (await import('./commands/leaderboard.js')).leaderboard(benchmark, options, io),
      ),
    );
  remote(
    program
      .command('compare <a> <b>')
      .description('paired difference of two entries (ids), or of two files of `run --json`'),
  )
    .option('-b, --benchmark <key>', 'then A and B may be labels or methods on this board')
    .option('-d, --division <name>', 'the division in which to look for A and B')
    .option('--metric <key>', 'compare this score instead of the primary one')
    .action((a: string, b: string, options) =>
      perform(options.json, async (io) => (await import('./commands/compare.js')).compare(a, b, options, io)),
    );
  remote(program.command('login').description('keep a token for a server'))
    .option('--token <token>', 'the token; without it one line is read from standard input')
    .action((options) => perform(options.json, async (io) => (await import('./commands/login.js')).login(options, io)));
}
