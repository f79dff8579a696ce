/** The few styles in use. Their codes are the only escape sequences that ever reach a terminal. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof CODES;
export type Paint = (style: Style, text: string) => string;

const ESCAPE = String.fromCharCode(27);
const OURS = `${ESCAPE}\\[(?:${[...new Set(Object.values(CODES).flat())].join("|")})m`;

export function painter(colour: boolean): Paint {
  return (style, text) => {
    if (!colour || text === "") return text;
    const [on, off] = CODES[style];
    return `${ESCAPE}[${on}m${text}${ESCAPE}[${off}m`;
  };
}

export const PLAIN: Paint = (_, text) => text;

/**
 * Takes out what could steer a terminal: titles, notes and reasons are written by other people. Keeps line
 * ends, tabs and, with `colour`, our own styles. Direction overrides go too: they make a line read otherwise.
 */
export function harmless(text: string, colour: boolean): string {
  return text.replace(HARMFUL, (found) =>
    found === "\n" || found === "\t" || (colour && found.length > 1) ? found : "",
  );
}

const HARMFUL = new RegExp(`${OURS}|[\\p{Cc}\\p{Bidi_Control}]`, "gu");

/** The text without our styles. */
export function unpainted(text: string): string {
  return text.replace(STYLES, "");
}

/** The text between our styles, each with the style before it. */
export function pieces(text: string): { style: string; plain: string }[] {
  const plain = text.split(STYLES);
  const styles = ["", ...(text.match(STYLES) ?? [])];
  return plain.map((one, index) => ({ style: styles[index] ?? "", plain: one }));
}

const STYLES = new RegExp(OURS, "g");

export interface ColourWish {
  /** Of the stream that is written to. */
  readonly tty: boolean;
  readonly noColour: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** See no-color.org: any value that is not empty turns colours off; a flag is stronger than the environment. */
export function wantsColour({ tty, noColour, env }: ColourWish): boolean {
  if (noColour || (env.NO_COLOR ?? "") !== "") return false;
  if ((env.FORCE_COLOR ?? "") !== "") return env.FORCE_COLOR !== "0";
  return tty && env.TERM !== "dumb";
}
