/** `touchstone validate`: everything that can be refused is refused here, before anything runs. */
import { benchmarkName } from '@touchstone/eval/meta';
import { EXIT, type ExitCode } from '../core/errors.js';
import type { Io } from '../core/io.js';
import { readWanted, type WantedFlags } from '../core/wanted-flags.js';
import { resolveWanted } from '../local/resolve.js';

export async function validate(
  file: string | undefined,
  options: WantedFlags & { readonly json?: boolean },
  io: Io,
): Promise<ExitCode> {
  const { benchmark, variant, seeds } = resolveWanted(await readWanted(file, options));
  const name = benchmarkName(benchmark.protocol);
  const { variantHash, division, label } = variant;
  if (options.json)
    io.out(
      `${JSON.stringify({ valid: true, benchmark: name, variantHash, division, label, seeds, variant: variant.variant })}\n`,
    );
  else {
    io.out(`valid: ${label} on ${name}, ${division}, seeds ${seeds.join(' ')}\nvariant ${variantHash}\n`);
    for (const [slot, component] of Object.entries(variant.variant.components))
      io.out(`  ${slot}: ${component.method}@${component.version} ${JSON.stringify(component.params)}\n`);
  }
  return EXIT.ok;
}
