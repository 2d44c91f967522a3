/** The boards of RobustBench: one a data set and threat model. Source: Croce et al. 2021, "RobustBench". */
import type { MetricOutput } from '../../core/types.js';
import type { ReportedBoard } from '../types.js';

const percent = (key: string, title: string, direction: 'higher' | 'lower' = 'higher', most = 100): MetricOutput => ({
  key,
  title,
  direction,
  unit: 'percent',
  range: [0, most],
  precision: 0.01,
});

const CLEAN = percent('clean_accuracy', 'Accuracy on clean images');
const PAPER = percent('paper_robust_accuracy', 'Robust accuracy as the paper claims it');

const ADVERSARIAL: readonly MetricOutput[] = [
  percent('autoattack_accuracy', 'Accuracy under AutoAttack'),
  percent('best_known_robust_accuracy', 'Robust accuracy under the strongest known attack'),
  CLEAN,
  PAPER,
];

const CORRUPTIONS: readonly MetricOutput[] = [
  percent('corruption_accuracy', 'Accuracy on common corruptions'),
  CLEAN,
  PAPER,
];

// An error relative to AlexNet's may exceed 100 %.
const IMAGENET_CORRUPTIONS: readonly MetricOutput[] = [
  ...CORRUPTIONS,
  percent('mean_corruption_error', 'Mean corruption error', 'lower', 1000),
  percent('corruption_accuracy_3d', 'Accuracy on 3D common corruptions'),
  percent('mean_corruption_error_3d', 'Mean 3D corruption error', 'lower', 1000),
];

export interface RobustSet {
  readonly key: string;
  readonly dataset: 'CIFAR-10' | 'CIFAR-100' | 'ImageNet';
  readonly threat: 'Linf' | 'L2' | 'corruptions';
  /** The bound of the perturbation in words, e.g. `Linf norm at most 8/255`. */
  readonly bound?: string;
}

const attacks = (
  bound: string,
) => `\`autoattack_accuracy\` is the share of test images that stay right under AutoAttack (Croce and Hein 2020: APGD-CE, targeted
APGD-DLR, targeted FAB and Square) with perturbations of ${bound}. \`best_known_robust_accuracy\` is the lowest accuracy
that RobustBench knows of, by AutoAttack or by an evaluation made for the model: RobustBench's own table is sorted by it, this
board by AutoAttack's figure, which is the same attack for every row. \`paper_robust_accuracy\` is what the authors claimed,
each by attacks of their own.

## Known disagreements

Rows were trained with different data (the source of each row says whether with additional ones) and a few for another bound.
Where RobustBench calls AutoAttack's figure unreliable (randomised or hard to differentiate models) the source says so.`;

const corruptions = `\`corruption_accuracy\` is the mean accuracy over 15 corruptions at 5 severities (Hendrycks and Dietterich 2019). The mean
corruption error, where it is given, is relative to AlexNet's, in percent; 3D corruptions are those of Kar et al. 2022.
\`paper_robust_accuracy\` is what the authors claimed.

## Known disagreements

Papers leave the 4 extra corruptions in or out, and average error or accuracy; RobustBench takes the 15.`;

/** A board whose rows are numbers that RobustBench has published. */
export function robustBoard({ key, dataset, threat, bound }: RobustSet): ReportedBoard {
  const attacked = threat !== 'corruptions';
  const outputs = attacked ? ADVERSARIAL : dataset === 'ImageNet' ? IMAGENET_CORRUPTIONS : CORRUPTIONS;
  return {
    key,
    version: 1,
    title: `RobustBench, ${dataset}, ${attacked ? threat : 'common corruptions'}`,
    summary: attacked
      ? `Accuracy of published ${dataset} classifiers under AutoAttack, ${bound}, as RobustBench reports it.`
      : `Accuracy of published ${dataset} classifiers on common corruptions, as RobustBench reports it.`,
    page: `# RobustBench: ${dataset}, ${attacked ? threat : 'common corruptions'}

The numbers are those of RobustBench (Croce et al. 2021), in percent, as published: nothing was run or scored here, so there
are no intervals, and no row stands beside rows that were scored here. Each row names its paper and links to it.

${attacked ? attacks(bound!) : corruptions}
`,
    primary: outputs[0]!.key,
    outputs,
  };
}
