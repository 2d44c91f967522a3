import type { Paper as PaperRecord } from '@touchstone/losses/meta';
import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../lib/connection.js';
import { Node } from '../node/node.type.js';

@ObjectType({ implements: Node, description: 'A published source. Its reported figures are claims, never runs.' })
export class Paper extends Node {
  constructor(readonly record: PaperRecord) {
    super();
  }

  protected override get localKey(): string {
    return this.record.key;
  }

  @Field(() => String, { description: 'Stable key.' })
  get key(): string {
    return this.record.key;
  }

  @Field(() => String, { description: 'Title as printed.' })
  get title(): string {
    return this.record.title;
  }

  @Field(() => String, { description: 'Authors as one line.' })
  get authors(): string {
    return this.record.authors;
  }

  @Field(() => Int, { description: 'Year of publication.' })
  get year(): number {
    return this.record.year;
  }

  @Field(() => String, { description: 'Conference or journal.' })
  get venue(): string {
    return this.record.venue;
  }

  @Field(() => String, { nullable: true, description: 'Where it can be read.' })
  get url(): string | null {
    return this.record.url ?? (this.record.arxiv ? `https://arxiv.org/abs/${this.record.arxiv}` : null);
  }

  @Field(() => String, { nullable: true, description: 'arXiv number.' })
  get arxiv(): string | null {
    return this.record.arxiv ?? null;
  }

  @Field(() => String, { description: 'A BibTeX record.' })
  get bibtex(): string {
    return bibtex(this.record);
  }
}

export const PaperConnection = connectionOf(Paper);

const escape = (text: string) => text.replace(/[\\{}]/g, '').replace(/[&%$#_]/g, '\\$&');

function bibtex({ key, title, authors, year, venue, url, arxiv }: PaperRecord): string {
  const fields: [string, string | undefined][] = [
    ['title', `{${escape(title)}}`],
    ['author', escape(authors.split(/,\s*/).join(' and '))],
    ['year', String(year)],
    ['booktitle', escape(venue)],
    ['url', url],
    ['eprint', arxiv],
  ];
  const lines = fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
  return `@inproceedings{${key},\n${lines.join(',\n')}\n}`;
}
