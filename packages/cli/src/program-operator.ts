/** Commands for whoever keeps an installation. */
import type { Command } from 'commander';
import { addJson, type Perform } from './program-options.js';

export function addOperatorCommands(program: Command, perform: Perform): void {
  program
    .command('start')
    .description('API, dispatcher, one worker and the site, in one process tree')
    .option('--demo', 'train the demonstration of the two small boards')
    .option('--no-demo', 'no demonstration')
    .option('--no-web', 'no site')
    .option('--no-worker', 'no local worker')
    .action((options) => perform(false, async (io) => (await import('./commands/serve.js')).start(options, io)));
  program
    .command('worker')
    .description('take runs from a server')
    .option('--server <url>', 'address of the server; default as for the other commands')
    .option('--token <token>', 'a token with the scope `worker`; default as for the other commands')
    .option('--name <name>', 'how it is shown; default: the host name')
    .option('--capacity <n>', 'runs at the same time', '1')
    .action((options) => perform(false, async (io) => (await import('./commands/serve.js')).worker(options, io)));
  const db = program.command('db').description('the database of this installation');
  addJson(db.command('rebuild').description('compute every summary again from the raw scores')).action((options) =>
    perform(options.json, async (io) => (await import('./commands/serve.js')).rebuild(options, io)),
  );
  addJson(program.command('doctor').description('what works here and what does not')).action((options) =>
    perform(options.json, async (io) => (await import('./commands/doctor.js')).doctor(options, io)),
  );
}
