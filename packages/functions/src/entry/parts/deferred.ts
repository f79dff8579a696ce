type Asynchronous<T> = {
  [K in keyof T]: T[K] extends (...args: never[]) => Promise<unknown> ? K : never;
}[keyof T];

/**
 * What is loaded when it is first used: a cold start that does without it has not read its code. Its methods are
 * named, so that nobody has to load it to know them. What could not be loaded is tried again.
 */
export function deferred<T extends object, M extends Asynchronous<T>>(
  load: () => Promise<T>,
  methods: readonly M[],
): Pick<T, M> {
  let made: Promise<T> | undefined;
  const once = (): Promise<T> => {
    made ??= load().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
  const calls = methods.map((name) => [
    name,
    async (...args: readonly unknown[]) => {
      const one = (await once()) as Record<M, (...args: readonly unknown[]) => Promise<unknown>>;
      return await one[name](...args);
    },
  ]);
  return Object.fromEntries(calls) as Pick<T, M>;
}
