import { Field, ID, InterfaceType } from 'type-graphql';
import { encodeId } from '../../lib/ids.js';

@InterfaceType({ description: 'Anything with a global id; `node(id)` finds it again.' })
export abstract class Node {
  /** UUID of its row, or its key in the catalogue. */
  protected abstract get localKey(): string;

  @Field(() => ID, { description: 'Global id.' })
  get id(): string {
    return encodeId(this.constructor.name, this.localKey);
  }
}
