/** Commands that need no server. */
import { type Command, Option } from 'commander';
import { addJson, addVariantOptions, type Perform } from './program-options.js';

export function addLocalCommands(program: Command, perform: Perform): void {
  addJson(
    addVariantOptions(program.command('run [file]').description('train and score a variant here, without a server')),
  )
    .option('--seeds <n|list>', "how many of the protocol's seeds, or which (0,2,4)")
    .option('--jobs <n>', 'runs at the same time', '1')
    .option('--receipts <folder>', 'write one receipt a run into this folder')
    .action((file: string | undefined, options) =>
      perform(options.json, async (io) => (await import('./commands/run.js')).run(file, options, io)),
    );
  addJson(
    addVariantOptions(
      program.command('try [file]').description('one seed, a tenth of the data and steps; never ranked'),
    ),
  )
    .option('--seed <n>', 'the seed', '0')
    .action((file: string | undefined, options) =>
      perform(options.json, async (io) => (await import('./commands/run.js')).tryOut(file, options, io)),
    );
  addJson(program.command('init <benchmark>').description('write a commented YAML file for a benchmark'))
    .option('-m, --method <key>', 'method to write it for; default: the baseline')
    .option('-o, --output <file>', 'file to write; default: standard output')
    .option('--force', 'overwrite the file')
    .action((benchmark: string, options) =>
      perform(options.json, async (io) => (await import('./commands/init.js')).init(benchmark, options, io)),
    );
  addJson(
    addVariantOptions(
      program.command('validate [file]').description('check a variant and print its hash and division'),
    ),
  )
    .option('--seeds <n|list>', "how many of the protocol's seeds, or which (0,2,4)")
    .action((file: string | undefined, options) =>
      perform(options.json, async (io) => (await import('./commands/validate.js')).validate(file, options, io)),
    );
  addJson(
    program
      .command('score <benchmark>')
      .description('score prediction files made elsewhere by the official protocol, without a server'),
  )
    .option('-p, --predictions <path...>', 'file, folder, zip or tar.gz')
    .option('-l, --labels <path...>', 'labels, where they are not in the data folders')
    .option('--formats', 'say which files the benchmark takes, with examples')
    .action((benchmark: string, options) =>
      perform(options.json, async (io) => (await import('./commands/score.js')).score(benchmark, options, io)),
    );
  const list = program.command('list').description('what this installation knows');
  for (const noun of ['methods', 'benchmarks', 'datasets', 'metrics'] as const) {
    const command = addJson(list.command(noun).description(`every ${noun.slice(0, -1)}`));
    if (noun === 'benchmarks')
      command.addOption(
        new Option('--track <track>', 'those that train here, or those that score predictions').choices([
          'train',
          'predictions',
        ]),
      );
    command.action((options) =>
      perform(options.json, async (io) => (await import('./commands/list.js')).list(noun, options, io)),
    );
  }
  program
    .command('verify <cases>')
    .description('evaluate a file of cases `{method: [{fn, params, inputs, expected?, grad?, tol?}]}`')
    .option('--json <out>', 'write the same tree with the computed values to this file')
    .addOption(
      new Option('--backend <name>', 'where tensors are computed in single precision')
        .choices(['wasm', 'cpu', 'webgpu', 'tensorflow'])
        .default('wasm'),
    )
    .action((cases: string, options) =>
      perform(false, async (io) => (await import('./commands/verify.js')).verify(cases, options, io)),
    );
  addJson(
    program.command('verify-receipt <receipt>').description('check digest and hashes of receipts in a JSON file'),
  ).action((file: string, options) =>
    perform(options.json, async (io) => (await import('./commands/receipt.js')).verifyReceipts(file, options, io)),
  );
  addJson(program.command('rerun <receipt>').description('run a receipt again here and compare the scores bit by bit'))
    .option('-p, --predictions <path...>', 'the files that a receipt of scored predictions names, in any order')
    .action((file: string, options) =>
      perform(options.json, async (io) => (await import('./commands/receipt.js')).rerun(file, options, io)),
    );
  addDataCommands(program.command('data').description('datasets on this machine'), perform);
}

function addDataCommands(data: Command, perform: Perform): void {
  addJson(data.command('list').description('every dataset and its state')).action((options) =>
    perform(options.json, async (io) => (await import('./commands/data.js')).listData(options, io)),
  );
  addJson(data.command('pull <dataset>').description('download into TOUCHSTONE_HOME/data, continue, check'))
    .option('--accept-licence', 'you have read the licence and accept it')
    .option('--from <url>', 'a mirror: address of the folder that holds the files')
    .action((key: string, options) =>
      perform(options.json, async (io) => (await import('./commands/data.js')).pull(key, options, io)),
    );
  addJson(data.command('verify [dataset]').description('read every file and compare its SHA-256')).action(
    (key: string | undefined, options) =>
      perform(options.json, async (io) => (await import('./commands/data.js')).verifyData(key, options, io)),
  );
  addJson(data.command('import <dataset> <path>').description('copy files that you have, checked'))
    .option('--accept-licence', 'you have read the licence and accept it')
    .action((key: string, path: string, options) =>
      perform(options.json, async (io) => (await import('./commands/data.js')).importFiles(key, path, options, io)),
    );
}
