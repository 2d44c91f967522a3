import { ssim } from '../../predictions/images/luma.js';
import type { MetricPage } from '../types.js';

const flat = (value: number) => ({ width: 12, height: 12, data: new Float64Array(144).fill(value) });

export const definition: MetricPage = {
  key: 'ssim_y',
  title: 'SSIM of luma',
  field: 'image restoration',
  keys: [{ pattern: 'ssim_y', meaning: 'mean structural similarity' }],
  summary: 'Mean over windows of how alike two images are in level, contrast and structure.',
  definition:
    'On the same pixels as [PSNR](/metrics/psnr_y). Windows are Gaussian, 11 × 11 with deviation 1.5, wherever they lie wholly inside; means, variances and covariance are weighted by them (not with n − 1). K = (.01, .03) and L = 255.',
  formula: String.raw`\mathrm{SSIM} = \frac{(2\mu_x\mu_y + C_1)(2\sigma_{xy} + C_2)}{(\mu_x^2 + \mu_y^2 + C_1)(\sigma_x^2 + \sigma_y^2 + C_2)},\qquad C_1 = 2.55^2,\ C_2 = 7.65^2`,
  resampled: 'Images; the score is their mean.',
  ties: 'None.',
  edges: [
    'An image below 11 pixels a side, border cut, has none.',
    'Equal images have 1; negative values are possible.',
  ],
  oracle: { tool: 'published tables of SelfExSR (Wang’s ssim_index)', version: 'jbhuang0604/SelfExSR@8f6dd8c' },
  parity: [
    {
      path: 'packages/eval/src/predictions/images/images.test.ts',
      data: 'superres',
      figure: 'bicubic on Set5 ×2, ×3, ×4: .9292, .8678 and .8101 within .0005',
    },
  ],
  disagreements: [
    '**Windows.** scikit-image’s default is a *uniform* 7 × 7 window with sample covariance; `gaussian_weights=True, sigma=1.5, use_sample_covariance=False` comes near to this one.',
    'Padding at the border instead of leaving windows out moves the third decimal.',
    'Images in [0, 1] need L = 1; a forgotten L makes everything look alike.',
    'MATLAB’s `ssim` pads, and MS-SSIM is another measure.',
  ],
  sources: [{ title: 'Wang et al. 2004, Image quality assessment', url: 'https://doi.org/10.1109/TIP.2003.819861' }],
  example: {
    given: 'Two flat images of grey levels 10 and 20.',
    working:
      'Variances and covariance are 0, so the second factor is 1: $(2·10·20 + 6.5025)/(100 + 400 + 6.5025) = 406.5025/506.5025 = 0.8026$.',
    results: { ssim_y: 406.5025 / 506.5025 },
    compute: () => ({ ssim_y: ssim(flat(10), flat(20)) }),
  },
};
