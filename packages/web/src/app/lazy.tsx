import type { ComponentType } from "preact";
import { Loading, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";

/** A part of the page that few open: its script comes when it is first shown, and is kept. */
export function lazy<P extends object>(
  what: string,
  load: () => Promise<ComponentType<P>>,
): ComponentType<P> {
  let known: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    const { value, error, again } = useLoaded(async () => {
      known ??= await load();
      return { Part: known };
    }, []);
    const Part = known ?? value?.Part;
    if (Part !== undefined) return <Part {...props} />;
    return error === undefined ? <Loading what={what} /> : <Trouble error={error} retry={again} />;
  };
}
