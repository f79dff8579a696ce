import { useState } from "preact/hooks";

/** A command as it is to be typed, with a button that takes it along. */
export function Command({ text, name }: { readonly text: string; readonly name: string }) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      setSaid("Not copied: the browser does not allow it; select the text instead");
    }
  };
  return (
    <div class="command">
      <pre>
        <code>{text}</code>
      </pre>
      <button type="button" onClick={copy}>
        Copy<span class="hidden"> the command: {name}</span>
      </button>
      <output class="quiet">{said}</output>
    </div>
  );
}
