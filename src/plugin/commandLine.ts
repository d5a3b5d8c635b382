/**
 * The engine's address among the arguments: the last one. The engine puts flags for its log before it; whoever starts the
 * plugin to have an engine attach gives none.
 */
export function engineAddress(args: readonly string[]): string | undefined {
  const positional = args.filter((arg, index) => !arg.startsWith("-") && args[index - 1] !== "--tracing");
  return positional.at(-1);
}
