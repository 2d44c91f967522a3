/** An instance of an object type with its fields set: interfaces and field resolvers tell types apart by class. */
export function make<T extends object>(type: new () => T, fields: Partial<T>): T {
  return Object.assign(new type(), fields);
}
