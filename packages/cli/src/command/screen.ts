import type { ReleaseView } from "@gonogo/client";
import { changeLines } from "../show/changes.ts";
import { watchFrame } from "../show/watch.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Where a watched release is shown. */
export interface Screen {
  /** It shows how long things still take, and so grows old by itself. */
  readonly counts: boolean;
  show(view: ReleaseView): void;
  /** It was looked at, and nothing is new. */
  quiet(): void;
  /** It could not be looked at. */
  trouble(why: string): void;
  close(): void;
}

export function screenFor(terminal: Terminal): Screen {
  return terminal.live ? liveScreen(terminal) : lineScreen(terminal);
}

/** A picture that is drawn over itself. */
function liveScreen(terminal: Terminal): Screen {
  let rows = 0;
  let last: ReleaseView | undefined;
  let note: string | undefined;
  const draw = () => {
    if (last === undefined) return;
    const size = { columns: terminal.columns, rows: process.stdout.rows ?? 24, note };
    rows = terminal.redraw(watchFrame(last, terminal.paint, size), rows);
  };
  // The terminal has broken the lines anew, so where the picture begins is no longer known.
  const resized = () => {
    rows = terminal.wipe();
    draw();
  };
  process.stdout.on("resize", resized);
  return {
    counts: true,
    show(view) {
      last = view;
      note = undefined;
      draw();
    },
    quiet() {
      if (note === undefined) return;
      note = undefined;
      draw();
    },
    trouble(why) {
      note = terminal.paint("yellow", `${why}; trying again`);
      draw();
    },
    close() {
      process.stdout.off("resize", resized);
    },
  };
}

/** A line for each change. Trouble is told once, on stderr. */
function lineScreen(terminal: Terminal): Screen {
  let before: ReleaseView | undefined;
  let troubled = false;
  const well = () => {
    if (troubled) terminal.note("the server answers again");
    troubled = false;
  };
  return {
    counts: false,
    show(view) {
      well();
      const lines = changeLines(before, view, terminal.paint);
      if (lines.length > 0) terminal.say(lines);
      before = view;
    },
    quiet: well,
    trouble(why) {
      if (!troubled) terminal.note(`${why}; trying again`);
      troubled = true;
    },
    close() {},
  };
}
