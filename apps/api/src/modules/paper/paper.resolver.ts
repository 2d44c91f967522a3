import { listPapers } from '@touchstone/losses/meta';
import { Arg, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { methodDefinition, paperRecord } from '../../lib/catalogue.js';
import { arrayPage } from '../../lib/connection.js';
import { Method } from '../method/method.type.js';
import { Paper, PaperConnection } from './paper.type.js';

@Resolver(() => Paper)
export class PaperResolver {
  @Query(() => PaperConnection, { description: 'Papers of the catalogue, by key.' })
  papers(
    @Arg('first', () => Int, { nullable: true, defaultValue: 100, description: '1 to 100.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' })
    after: string | null,
  ) {
    return arrayPage(
      'papers',
      null,
      listPapers().map((record) => new Paper(record)),
      (paper) => paper.key,
      { first, after },
    );
  }

  @Query(() => Paper, { nullable: true, description: 'By key.' })
  paper(@Arg('key', () => String, { description: 'Stable key.' }) key: string) {
    const record = paperRecord(key);
    return record && new Paper(record);
  }

  @FieldResolver(() => [Method], { description: 'Methods of the catalogue that it describes.' })
  methods(@Root() paper: Paper) {
    return (paperRecord(paper.key)?.methods ?? [])
      .flatMap((key) => methodDefinition(key) ?? [])
      .map((definition) => new Method(definition));
  }
}
