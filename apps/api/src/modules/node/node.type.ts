import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType({ description: 'Anything with a global id; `node(id)` finds it again.' })
export abstract class Node {
  @Field(() => ID, { description: 'Global id.' })
  abstract get id(): string;
}
