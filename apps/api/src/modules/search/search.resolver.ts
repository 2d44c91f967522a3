import { Arg, Int, Query, Resolver } from 'type-graphql';
import { pageSize } from '../../lib/cursor.js';
import { search } from './search.service.js';
import { SearchHit } from './search.type.js';

@Resolver()
export class SearchResolver {
  @Query(() => [SearchHit], {
    description: 'Methods, benchmarks, datasets, metrics and papers in which every word occurs, best first.',
  })
  search(
    @Arg('query', () => String, { description: 'Words; at most 200 characters.' }) query: string,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: '1 to 100.' }) first: number | null,
  ) {
    return search(query, pageSize(first, 20));
  }
}
