import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Loaded } from "./use-loaded.ts";

interface SectionProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Beside the title: a count, a button. */
  readonly aside?: ComponentChildren;
  readonly class?: string;
}

/** A titled part of a page; its title names the region. */
export function Section({ title, children, aside, class: more = "" }: SectionProps) {
  const id = useId();
  return (
    <section class={`card ${more}`} aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

export type Tone = "good" | "bad" | "busy" | "ask" | "quiet";

const SIGNS: Record<Tone, string> = { good: "✓", bad: "✕", busy: "▸", ask: "!", quiet: "·" };

/** A word of state: sign, text and colour say the same. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{SIGNS[tone]} </span>
      {children}
    </span>
  );
}

export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <p class="loading" role="status">
      Loading {what} …
    </p>
  );
}

/** Something went wrong, in words, with a way on. */
export function Trouble({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  return (
    <div class="trouble" role="alert">
      <p>{error instanceof Error ? error.message : String(error)}</p>
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

interface ScrollProps {
  readonly label: string;
  readonly children: ComponentChildren;
}

/** Holds what may be wider than the screen; can be scrolled with the keyboard. */
export function Scroll({ label, children }: ScrollProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

interface LoadProps<T> {
  readonly what: string;
  readonly loaded: Loaded<T>;
  readonly children: (value: T) => ComponentChildren;
}

/** What was loaded; until then that it is on its way, and if it did not come, why. What came once stays. */
export function Load<T>({ what, loaded: { value, error, again }, children }: LoadProps<T>) {
  return (
    <>
      {value === undefined && error === undefined && <Loading what={what} />}
      {error !== undefined && <Trouble error={error} retry={again} />}
      {value !== undefined && children(value)}
    </>
  );
}
