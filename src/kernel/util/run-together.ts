/**
 * Runs tasks concurrently under one signal. The first failure aborts the others and is thrown once all have ended, so that no work
 * outlives the call.
 */
export async function runTogether(
  signal: AbortSignal,
  tasks: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const controller = new AbortController();
  const both = AbortSignal.any([signal, controller.signal]);
  let failure: { error: unknown } | undefined;
  await Promise.all(
    tasks.map((task) =>
      task(both).catch((error: unknown) => {
        failure ??= { error };
        controller.abort(error);
      }),
    ),
  );
  if (failure !== undefined) throw failure.error;
}
