/** What changed, inside this process: subscriptions and pollers wait on it. Missed news is harmless, rows are the truth. */
import { createPubSub } from '@graphql-yoga/subscription';
import type { Bus } from '../platform.js';

export function createBus(): Bus {
  const pubsub = createPubSub<{ run: [id: string, payload: string]; board: [id: string, payload: string] }>();
  return {
    publish: (topic: 'run' | 'board', key: string) => pubsub.publish(topic, key, key),
    subscribe: (topic, key) => pubsub.subscribe(topic, key),
  };
}
