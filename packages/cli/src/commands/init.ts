/** `touchstone init`: a commented YAML file that is valid as it stands. */
import { writeFile } from 'node:fs/promises';
import type { BenchmarkDefinition } from '@touchstone/eval/meta';
import { acceptedMethods, benchmarkName, getBenchmark, resolveVariant } from '@touchstone/eval/meta';
import type { MethodDefinition } from '@touchstone/losses/meta';
import { allowedValues, getMethod, parameterSpecs } from '@touchstone/losses/meta';
import { stringify } from 'yaml';
import { CliError, EXIT, type ExitCode } from '../core/errors.js';
import type { Io } from '../core/io.js';

const scalar = (value: unknown): string => stringify(value).trim();
const commented = (lines: readonly string[]): string[] => lines.map((line) => `# ${line}`);

function paramLines(method: MethodDefinition): string[] {
  const specs = parameterSpecs(method);
  if (specs.length === 0) return ['params: {} # this method has none'];
  const lines = specs.flatMap((spec) => [
    `  # ${spec.title}: ${allowedValues(spec)}${spec.unit ? `; ${spec.unit}` : ''}`,
    `  ${spec.name}: ${scalar(spec.default)}`,
  ]);
  return ['params:', ...lines];
}

function slotLines({ protocol }: BenchmarkDefinition): string[] {
  const others = Object.entries(protocol.accepts).filter(([slot]) => slot !== protocol.slot);
  if (others.length === 0) return [];
  const body = others.flatMap(([slot, component]) => [`  ${slot}:`, `    method: ${component.method}`]);
  return [
    '',
    '# Other slots that the benchmark accepts, with their defaults. A change makes the division OPEN.',
    ...commented(['slots:', ...body]),
  ];
}

/** The file's text; `touchstone validate` accepts it unchanged. Throws SLOT_MISMATCH where the board refuses the method. */
export function initialFile(benchmark: BenchmarkDefinition, key: string): string {
  const { protocol, title } = benchmark;
  resolveVariant(benchmark, { method: key });
  const methods = acceptedMethods(benchmark, protocol.slot).filter(({ accepted }) => accepted);
  const { learningRate, weightDecay } = protocol.space;
  return [
    `# ${title}`,
    `# Run it here:  touchstone run FILE       Send it:  touchstone submit FILE`,
    '',
    `benchmark: ${benchmarkName(protocol)}`,
    '',
    `# The method in the slot \`${protocol.slot}\`, which this board ranks. One of:`,
    ...commented(methods.map(({ method }) => `  ${method.key} (${method.title})`)),
    `method: ${key}`,
    '',
    '# Every parameter at its default.',
    ...paramLines(getMethod(key)),
    ...slotLines(benchmark),
    '',
    '# PLATFORM_TUNED: the platform chooses learning rate and weight decay on validation data, by the same points for all.',
    '# PUBLISHED_DEFAULTS: everything as published. OPEN: as sent. Without a division the values above decide.',
    '# division: PLATFORM_TUNED',
    '',
    `# Division OPEN only. Common space: ${learningRate.low} to ${learningRate.high}, ${weightDecay.low} to ${weightDecay.high}.`,
    `# learningRate: ${learningRate.default}`,
    `# weightDecay: ${weightDecay.default}`,
    '',
    '# A count, or a list. A row is ranked when all seeds of the protocol have succeeded.',
    `seeds: [${protocol.seeds.join(', ')}]`,
    '',
  ].join('\n');
}

interface InitOptions {
  readonly method?: string;
  readonly output?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export async function init(name: string, options: InitOptions, io: Io): Promise<ExitCode> {
  const benchmark = getBenchmark(name);
  const text = initialFile(benchmark, options.method ?? benchmark.baseline.method);
  if (options.output === undefined) {
    io.out(options.json ? `${JSON.stringify({ text })}\n` : text);
    return EXIT.ok;
  }
  await writeFile(options.output, text, { flag: options.force ? 'w' : 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
    throw new CliError(
      'FILE_EXISTS',
      `${options.output} exists`,
      { field: '--output', value: options.output, allowed: 'another name, or --force' },
      { cause },
    );
  });
  io.out(options.json ? `${JSON.stringify({ file: options.output })}\n` : `wrote ${options.output}\n`);
  return EXIT.ok;
}
