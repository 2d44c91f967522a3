import type { PredictionBenchmark } from '@touchstone/eval/meta';
import { Field, ObjectType } from 'type-graphql';

type FileNote = NonNullable<PredictionBenchmark['scoring']>['predictions'][number];

@ObjectType({ description: 'A kind of file that a predictions benchmark scores.' })
export class PredictionFile {
  constructor(private readonly note: FileNote) {}

  @Field(() => String, { description: 'What it holds, e.g. `probabilities`.' })
  get name(): string {
    return this.note.name;
  }

  @Field(() => [String], { description: 'Accepted formats, e.g. `.npy`; a folder is sent as .zip or .tar.gz.' })
  get formats(): readonly string[] {
    return this.note.formats;
  }

  @Field(() => String, { description: 'Shape, columns, units and order.' })
  get contents(): string {
    return this.note.contents;
  }

  @Field(() => String, { description: 'A few lines as a person would write them.' })
  get example(): string {
    return this.note.example;
  }

  @Field(() => Boolean, { description: 'It may be left out.' })
  get optional(): boolean {
    return this.note.optional ?? false;
  }
}
