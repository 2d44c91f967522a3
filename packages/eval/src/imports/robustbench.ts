import { join } from 'node:path';
import { z } from 'zod';
import { malformed } from '../predictions/errors.js';
import { openInput } from '../predictions/input.js';
import type { ImportSource, ReportedRow } from './types.js';

const SETS = ['cifar10', 'cifar100', 'imagenet'] as const;
const MODEL = /^(Linf|L2|corruptions)\/([^/]+)\.json$/;

const text = z.string().nullish();
const model = z.object({
  link: z.string(),
  name: z.string(),
  authors: text,
  additional_data: z.boolean(),
  number_forward_passes: z.number(),
  venue: text,
  architecture: text,
  eps: text,
  clean_acc: text,
  reported: text,
  autoattack_acc: text,
  external: text,
  unreliable: z.boolean().nullish(),
  footnote: text,
  corruptions_acc: text,
  corruptions_mce: text,
  corruptions_acc_3d: text,
  corruptions_mce_3d: text,
});
type Model = z.infer<typeof model>;

/** Footnotes are written for a web page with formulas. */
const plain = (html: string): string =>
  html
    .replace(/<br\s*\/?>/gi, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/\\\\?[()]/g, '')
    .replace(/\\ell_\{?\\infty\}?/g, 'Linf')
    .replace(/\\ell_\{?2\}?/g, 'L2')
    .replace(/\\varepsilon\b/g, 'ε')
    .replace(/\s+/g, ' ')
    .trim();

/** From the venue, else from the number of an arXiv address. */
function yearOf({ venue, link }: Model): number | undefined {
  const named = /\b(?:19|20)\d\d\b/.exec(venue ?? '')?.[0];
  const arxiv = /arxiv\.org\/(?:abs|pdf)\/(\d\d)\d\d\./.exec(link)?.[1];
  return named ? Number(named) : arxiv ? 2000 + Number(arxiv) : undefined;
}

/** A figure as written, in percent; undefined where the file has none. */
function figureOf(where: string, field: string, written: string | null | undefined): number | undefined {
  if (written === undefined || written === null || ['', 'null'].includes(written.trim())) return undefined;
  const value = Number(written);
  if (Number.isFinite(value)) return value;
  throw malformed(where, { column: field }, JSON.stringify(written), 'a number in percent');
}

function scoresOf(where: string, given: Model): ReportedRow['scores'] {
  const figure = (field: keyof Model) => figureOf(where, field, given[field] as string | null | undefined);
  const attacked = figure('autoattack_acc');
  const external = figure('external');
  const values: Record<string, number | undefined> = {
    autoattack_accuracy: attacked,
    best_known_robust_accuracy: external ?? attacked,
    corruption_accuracy: figure('corruptions_acc'),
    clean_accuracy: figure('clean_acc'),
    paper_robust_accuracy: figure('reported'),
    mean_corruption_error: figure('corruptions_mce'),
    corruption_accuracy_3d: figure('corruptions_acc_3d'),
    mean_corruption_error_3d: figure('corruptions_mce_3d'),
  };
  return Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
}

function noteOf(given: Model): string {
  const said = [
    given.authors && `Authors: ${given.authors}.`,
    given.venue && given.venue !== 'N/A' && `${plain(given.venue)}.`,
    given.architecture && `Architecture: ${given.architecture}.`,
    given.autoattack_acc && given.eps && `Bound: ${given.eps}.`,
    given.additional_data ? 'Trained with additional data.' : 'No additional data.',
    given.number_forward_passes > 1 && `${given.number_forward_passes} forward passes an image.`,
    given.unreliable && "RobustBench calls AutoAttack's figure potentially unreliable.",
    given.footnote && plain(given.footnote),
    'Figures: RobustBench/robustbench (78fcc9e).',
  ];
  return said.filter(Boolean).join(' ');
}

async function setRows(folder: string, set: (typeof SETS)[number]): Promise<ReportedRow[]> {
  const path = join(folder, `${set}.zip`);
  const archive = await openInput(path);
  try {
    const rows: ReportedRow[] = [];
    for (const file of archive.files) {
      const [, threat, name] = MODEL.exec(file.name) ?? [];
      if (!threat) continue;
      const where = `${path}: ${file.name}`;
      let given: Model;
      try {
        given = model.parse(JSON.parse((await file.read()).toString('utf8')));
      } catch (cause) {
        throw malformed(where, {}, (cause as Error).message, 'a model of RobustBench', cause);
      }
      const year = yearOf(given);
      rows.push({
        claim: 'REPORTED',
        benchmark: `robustbench-${set}-${threat.toLowerCase()}`,
        name: name!,
        scores: scoresOf(where, given),
        source: { title: given.name, url: given.link, ...(year ? { year } : {}), note: noteOf(given) },
      });
    }
    return rows;
  } finally {
    await archive.close();
  }
}

export const robustbench: ImportSource = {
  key: 'robustbench',
  title: 'RobustBench',
  summary:
    '236 published classifiers under AutoAttack or common corruptions, reported on the seven boards robustbench-*, each with its paper.',
  folder: 'robustbench_model_info',
  citation: 'Croce et al. 2021, RobustBench, NeurIPS Datasets and Benchmarks; RobustBench/robustbench (78fcc9e), MIT',
  rows: async (folder) => (await Promise.all(SETS.map((set) => setRows(folder, set)))).flat(),
};
