import { readFileSync } from "node:fs";
import { FUNCTIONS, type FunctionName, type MachineName } from "@gonogo/functions/deployment";

/** A machine's definition with ARNs in the places that the file leaves open, and the functions it calls. */
export function definitionWith(
  folder: string,
  machine: MachineName,
  arnOf: (name: FunctionName) => string,
): { readonly text: string; readonly functions: readonly string[] } {
  const called = new Set<string>();
  const text = readFileSync(`${folder}/${machine}.asl.json`, "utf8").replaceAll(
    /\$\{([a-z-]+)\}/g,
    (_, name: string) => {
      if (!(name in FUNCTIONS)) {
        throw new Error(`${machine}.asl.json names a function that does not exist: ${name}`);
      }
      const arn = arnOf(name as FunctionName);
      called.add(arn);
      return arn;
    },
  );
  return { text, functions: [...called].sort() };
}
