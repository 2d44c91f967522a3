import { COCO_KEYS, evaluateCoco, imagesInOrder } from '../detection/coco.js';
import { evaluateVoc } from '../detection/voc.js';
import { parseCocoResults, parseCocoTruth } from '../formats/coco.js';
import { onlyFile } from '../only-file.js';
import { reweighing } from '../reweighing.js';
import type { PredictionProtocol } from '../types.js';

const output = (key: string, title: string) => ({
  key,
  title,
  direction: 'higher' as const,
  unit: 'fraction',
  range: [0, 1] as const,
  precision: 1e-4,
});

export const definition: PredictionProtocol = {
  key: 'coco-detection',
  version: 1,
  title: 'Object detection by COCO and PASCAL VOC',
  summary: "COCO's twelve numbers of a results file, and the average precision of PASCAL VOC beside them.",
  page: `# Object detection

COCO: overlap thresholds .50 to .95, 101 recall levels, at most 100 detections an image and category, areas below 32²,
32² to 96² and above 96² pixels; crowd regions match any number of detections and are not counted. Equal scores keep the
order of images, then of the file. Categories without a box are left out; a number without any category is absent.

PASCAL VOC at overlap .5, mean over categories: \`voc_ap_11point\` (2007) and \`voc_ap_allpoint\` (2010). Boxes are
continuous, as COCO's: the original kit adds one pixel to widths and heights, which moves the value slightly.

Intervals draw images with all their boxes and detections; every detection keeps what it matched, since matching is by image.

## Known disagreements

Libraries that interpolate at other recall levels, drop crowd regions, or rank across categories give other values. The
eleven levels are exact tenths; tools that reach them by adding .1 in floating point miss a recall of exactly .3, .6 or .7.
pycocotools takes an annotation whose id is 0 for unmatched; here ids carry no meaning.
`,
  primary: 'AP',
  outputs: [
    ...COCO_KEYS.map((key) => output(key, `COCO ${key}`)),
    output('voc_ap_11point', 'PASCAL VOC AP, 11 points'),
    output('voc_ap_allpoint', 'PASCAL VOC AP, all points'),
  ],
  resampling: 'image',
  oracle: { tool: 'pycocotools', version: 'cocodataset/cocoapi@8c9bcc3' },
  predictions: [
    {
      name: 'results',
      formats: ['COCO results .json'],
      contents: 'A list of {image_id, category_id, bbox: [x, y, width, height] in pixels, score}.',
      example: '[{"image_id": 42, "category_id": 18, "bbox": [258.15, 41.29, 348.26, 243.78], "score": 0.236}]',
    },
  ],
  labels: [
    {
      name: 'ground truth',
      formats: ['COCO instances .json'],
      contents: 'images, categories and annotations (bbox, area, iscrowd), e.g. instances_val2017.json.',
      example:
        '{"images": [{"id": 42}], "categories": [{"id": 18, "name": "dog"}], "annotations": [{"image_id": 42, "category_id": 18, "bbox": [214, 41, 348, 243], "area": 51000, "iscrowd": 0}]}',
    },
  ],
  fidelity: 'VARIANT(labels are brought by whoever scores)',
  datasets: [],
  async score({ predictions, labels, progress }) {
    const [results, instances] = [onlyFile(predictions, 'predictions'), onlyFile(labels, 'labels')];
    const truth = parseCocoTruth(await instances.read(), instances.name);
    const detections = parseCocoResults(await results.read(), results.name, truth);
    const coco = evaluateCoco(truth, detections, (done, total) => progress(done, total, 'categories'));
    const voc = evaluateVoc(truth, detections);
    const scoresOf = (weights: Uint8Array | null): Record<string, number> => {
      const areas = voc(weights);
      return {
        ...coco(weights),
        ...(areas ? { voc_ap_11point: areas.elevenPoint, voc_ap_allpoint: areas.allPoint } : {}),
      };
    };
    const scores = scoresOf(null);
    const absent = COCO_KEYS.filter((key) => scores[key] === undefined);
    const images = imagesInOrder(truth);
    return {
      scores,
      counts: { images: truth.images.length, objects: truth.boxes.length, detections: detections.length },
      warnings: absent.length > 0 ? [`no object counts for ${absent.join(', ')}`] : [],
      outcomes: {},
      units: images.map(String),
      reweigh: reweighing(images.length, scores, () => scoresOf),
    };
  },
};
