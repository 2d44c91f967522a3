import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Actor, TokenRow } from '../../lib/auth.js';
import { DateTime } from '../../lib/scalars.js';
import { UserError } from '../../lib/user-error.js';
import { Node } from '../node/node.type.js';

@ObjectType({ implements: Node, description: 'A bearer token. Its secret is shown once and stored as a hash.' })
export class ApiToken extends Node {
  row: TokenRow;

  protected override get localKey(): string {
    return this.row.id;
  }

  @Field(() => String, { description: 'Name for people.' })
  get name(): string {
    return this.row.name;
  }

  @Field(() => String, { description: 'First characters of the secret.' })
  get prefix(): string {
    return this.row.prefix;
  }

  @Field(() => [String], { description: 'read, submit, admin, worker.' })
  get scopes(): string[] {
    return this.row.scopes;
  }

  @Field(() => DateTime, { description: 'When it was made.' })
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Field(() => DateTime, { nullable: true, description: 'When it stops working; null: never.' })
  get expiresAt(): Date | null {
    return this.row.expiresAt;
  }

  @Field(() => DateTime, { nullable: true, description: 'When it was last used, to the minute.' })
  get lastUsedAt(): Date | null {
    return this.row.lastUsedAt;
  }

  @Field(() => DateTime, { nullable: true, description: 'When it was revoked.' })
  get revokedAt(): Date | null {
    return this.row.revokedAt;
  }
}

@ObjectType({ implements: Node, description: 'Who is asking.' })
export class Viewer extends Node {
  actor: Actor;

  protected override get localKey(): string {
    return this.actor.userId;
  }

  @Field(() => String, { description: 'Name.' })
  get name(): string {
    return this.actor.name;
  }

  @Field(() => String, { description: 'owner or member.' })
  get role(): string {
    return this.actor.role;
  }

  @Field(() => [String], { description: 'What the token of this request may do.' })
  get scopes(): readonly string[] {
    return this.actor.scopes;
  }
}

@InputType({ description: 'A new token.' })
export class CreateTokenInput {
  @Field(() => String, { description: '1 to 100 characters.' })
  name: string;

  @Field(() => [String], { nullable: true, description: 'Of read, submit, admin, worker; default read and submit.' })
  scopes?: string[] | null;

  @Field(() => Int, { nullable: true, description: '1 to 366; default 90.' })
  expiresInDays?: number | null;

  @Field(() => String, { nullable: true, description: 'Sent again it gives the same token, without its secret.' })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Token to revoke.' })
export class RevokeTokenInput {
  @Field(() => ID, { description: 'Its id.' })
  id: string;
}

@ObjectType({ description: 'Outcome of createToken.' })
export class CreateTokenPayload {
  @Field(() => ApiToken, { nullable: true, description: 'What was made.' })
  token: ApiToken | null;

  @Field(() => String, { nullable: true, description: 'The secret, this once.' })
  secret: string | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty on success.' })
  userErrors: UserError[];
}

@ObjectType({ description: 'Outcome of revokeToken.' })
export class RevokeTokenPayload {
  @Field(() => ApiToken, { nullable: true, description: 'The revoked token.' })
  token: ApiToken | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty on success.' })
  userErrors: UserError[];
}
